import { locale } from '.'

/** All tenants of today count in this zone; civil dates are never shifted by the device's. */
const timeZone = 'Asia/Shanghai'

/** An instant as day and minute. */
export function instant(text: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'long', timeStyle: 'short', timeZone, hourCycle: 'h23' }).format(new Date(text))
}

/** A civil date (YYYY-MM-DD) in words. */
export function day(text: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(text + 'T00:00:00Z'))
}

/** A civil date with its weekday, for limits. */
export function dueDay(text: string): string {
  return new Intl.DateTimeFormat(locale(), { year: 'numeric', month: 'long', day: 'numeric', weekday: 'short', timeZone: 'UTC' }).format(new Date(text + 'T00:00:00Z'))
}

/** An amount of fen as yuan. */
export function yuan(fen: number): string {
  return `${Math.trunc(fen / 100)}.${String(Math.abs(fen % 100)).padStart(2, '0')}`
}

/** A size in bytes for people. */
export function bytes(size: number): string {
  return size < 1024 ? `${size} B` : size < 1024 * 1024 ? `${(size / 1024).toFixed(1)} KiB` : `${(size / 1024 / 1024).toFixed(1)} MiB`
}
