// `npm run mock`: the built faces with a small server of invented data behind them,
// for looking at pages and for browser tests where no real server is at hand.
import { startMock } from './server.mjs'

const { url } = await startMock(Number(process.env.PORT ?? 8099))
console.log(`${url}  applicant: xiangwei, staff of 431321: shencha, jueding; any password but "wrong"`)
