import { createClient, fetchExchange } from '@urql/core'
import type { TypedDocumentString } from '@/gql/graphql'
import { locale } from '@/text'
import { Refusal, toRefusal } from './refusal'

/** One client without a cache: what a page shows is what the server said when it asked. */
const client = createClient({ url: '/graphql', exchanges: [fetchExchange], preferGetMethod: false, requestPolicy: 'network-only' })

/** How a request is sent. */
export interface Options {
  /** Division code of the tenant to act in; sent as X-Tenant. */
  tenant?: string
  /** Makes a repeat of a mutation safe; a new one each call when left out. */
  idempotencyKey?: string
}

function context(options: Options, headers: Record<string, string> = {}) {
  const tenant: Record<string, string> = options.tenant ? { 'X-Tenant': options.tenant } : {}
  return { fetchOptions: { credentials: 'same-origin' as const, headers: { 'Accept-Language': locale(), ...tenant, ...headers } } }
}

interface Answer<Result> {
  data?: Result
  error?: Parameters<typeof toRefusal>[0]
}

function take<Result>(answer: Answer<Result>): Result {
  if (answer.error) throw toRefusal(answer.error)
  if (answer.data === undefined || answer.data === null) throw new Refusal('INTERNAL', 'no data')
  return answer.data
}

/** Asks; rejects with a Refusal. */
export async function query<Result, Variables>(document: TypedDocumentString<Result, Variables>, variables: Variables, options: Options = {}): Promise<Result> {
  return take(await client.query<Result>(document.toString(), variables as object, context(options)).toPromise())
}

/** Changes something, with an Idempotency-Key; rejects with a Refusal. */
export async function mutate<Result, Variables>(document: TypedDocumentString<Result, Variables>, variables: Variables, options: Options = {}): Promise<Result> {
  const key = options.idempotencyKey ?? crypto.randomUUID()
  return take(await client.mutation<Result>(document.toString(), variables as object, context(options, { 'Idempotency-Key': key })).toPromise())
}
