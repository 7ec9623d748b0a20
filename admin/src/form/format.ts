import { validCitizenId, validDate, validDivision, validProject, validUscc } from './code'

/** How one value of the `format` keyword is checked, and how a wrong one is explained. */
export interface Format {
  valid: (value: unknown) => boolean
  message: string
}

const text = (valid: (value: string) => boolean, message: string): Format => ({ valid: (value) => typeof value !== 'string' || valid(value), message })
const matching = (pattern: RegExp, message: string) => text((value) => pattern.test(value), message)

function validDateTime(value: string): boolean {
  const parts = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i.exec(value)
  return parts?.[1] !== undefined && validDate(parts[1])
}

/** A GeoJSON Polygon: closed rings of at least four positions within the bounds (RFC 7946 §3.1.6). */
function validPolygon(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return true
  const { type, coordinates } = value as { type?: unknown; coordinates?: unknown }
  return type === 'Polygon' && Array.isArray(coordinates) && coordinates.length > 0 && coordinates.every(validRing)
}

function validRing(ring: unknown): boolean {
  if (!Array.isArray(ring) || ring.length < 4 || !ring.every(validPosition)) return false
  const [first, last] = [ring[0], ring.at(-1)] as [number[], number[]]
  return first[0] === last[0] && first[1] === last[1]
}

function validPosition(position: unknown): boolean {
  if (!Array.isArray(position) || position.length < 2 || position.length > 3) return false
  if (!position.every((n) => typeof n === 'number' && Number.isFinite(n))) return false
  const [longitude, latitude] = position as [number, number]
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90
}

/** The closed list of formats; internal/form/format.go has the same. */
export const formats: Record<string, Format> = {
  uscc: text(validUscc, '不是有效的统一社会信用代码（18 位，含校验位）'),
  'cn-id-card': text(validCitizenId, '不是有效的身份证件号码'),
  'cn-division': text(validDivision, '不是有效的行政区划代码（6、9 或 12 位数字）'),
  mobile: matching(/^1[3-9]\d{9}$/, '不是有效的手机号码（11 位）'),
  'investment-project-code': text(validProject, '不是有效的投资项目代码（YYYY-DDDDDD-II-TT-NNNNNN）'),
  date: text(validDate, '不是有效的日期（YYYY-MM-DD）'),
  'date-time': text(validDateTime, '不是有效的日期时间（RFC 3339）'),
  email: matching(/^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/, '不是有效的电子邮箱'),
  uri: matching(/^https?:\/\/[^\s/?#@]+([/?#]\S*)?$/, '不是有效的网址（以 http:// 或 https:// 开头）'),
  'geojson-polygon': { valid: validPolygon, message: '不是有效的范围（GeoJSON Polygon，首尾相接，经纬度在界内）' },
}
