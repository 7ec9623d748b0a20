// Check characters of the national codes, as the Go package internal/code has them.

const usccAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const usccWeights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

/** Unified social credit code (统一社会信用代码, GB 32100). */
export function validUscc(text: string): boolean {
  if (!/^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(text)) return false
  const sum = usccWeights.reduce((total, weight, i) => total + weight * usccAlphabet.indexOf(text.charAt(i)), 0)
  return usccAlphabet[(31 - (sum % 31)) % 31] === text[17]
}

const provinces = /^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])/

/** Administrative division code (GB/T 2260) of 6, 9 or 12 digits. */
export function validDivision(text: string): boolean {
  if (!/^(\d{6}|\d{9}|\d{12})$/.test(text)) return false
  if (text === '000000') return true
  if (!provinces.test(text)) return false
  if (text.slice(2, 4) === '00' && /[1-9]/.test(text.slice(4))) return false
  return !(text.length === 12 && text.slice(6, 9) === '000' && text.slice(9) !== '000')
}

/** ISO 7064 MOD 11-2, the check character of citizen ids. */
function pure112(digits: string): string {
  let p = 0
  for (const digit of digits) p = ((p + Number(digit)) * 2) % 11
  return '0123456789X'.charAt((12 - p) % 11)
}

/** Citizen id (公民身份号码, GB 11643); 15 digits of the first generation too. */
export function validCitizenId(text: string): boolean {
  if (/^\d{15}$/.test(text)) {
    const long = text.slice(0, 6) + '19' + text.slice(6)
    return validCitizenId(long + pure112(long))
  }
  if (!/^\d{17}[\dX]$/.test(text)) return false
  if (!text.startsWith('9') && !validDivision(text.slice(0, 6))) return false
  const birth = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`
  return validDate(birth) && pure112(text.slice(0, 17)) === text[17]
}

/** The day on which the holder of a valid citizen id was born. */
export function birthOf(id: string): string {
  const long = id.length === 15 ? id.slice(0, 6) + '19' + id.slice(6) : id
  return `${long.slice(6, 10)}-${long.slice(10, 12)}-${long.slice(12, 14)}`
}

/** A civil date that exists. */
export function validDate(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!parts) return false
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number]
  const date = new Date(Date.UTC(2000, 0, 1))
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

/** Investment project code (投资项目统一代码), YYYY-DDDDDD-II-TT-NNNNNN. */
export function validProject(text: string): boolean {
  const parts = /^(\d{4})-(\d{6})-\d{2}-\d{2}-\d{6}$/.exec(text)
  if (!parts) return false
  const [year, division] = parts.slice(1) as [string, string]
  const month = Number(year.slice(2))
  return (year.startsWith('20') || (month >= 1 && month <= 12)) && validDivision(division)
}
