import { en } from './en'
import { zh } from './zh'

/** Names of the texts that people see. */
export type Key = keyof typeof zh

/** The languages of the faces; Chinese by default. */
export type Locale = 'zh-CN' | 'en'

const stored = 'zhengtong.locale'

/** The language chosen on this device. */
export function locale(): Locale {
  return globalThis.localStorage?.getItem(stored) === 'en' ? 'en' : 'zh-CN'
}

/** Chooses the language and shows the page anew. */
export function setLocale(to: Locale): void {
  localStorage.setItem(stored, to)
  location.reload()
}

/** A text in the chosen language, Chinese where it is not translated; `{name}` takes a value. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const text = (locale() === 'en' ? en[key] : undefined) ?? zh[key]
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** A text by a name put together at run time, such as a state; the fallback when there is none. */
export function word(prefix: string, value: string, fallback = value): string {
  const key = `${prefix}.${value}`
  return key in zh ? t(key as Key) : fallback
}
