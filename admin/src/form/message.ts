import { typeOf, type Schema } from './schema'

const typeTitles: Record<string, string> = { string: '文本', number: '数值', integer: '整数', boolean: '是或否', array: '列表', object: '一组字段' }

/** Words a failed keyword for the person who fills the form; `holder` has the keyword, `declared` the title. */
export function explain(keyword: string, holder: Schema, declared: Schema): string {
  return (declared.title ? `“${declared.title}”` : '此项') + describe(keyword, holder)
}

function describe(keyword: string, s: Schema): string {
  switch (keyword) {
    case 'type':
      return `须为${typeTitles[typeOf(s)] ?? typeOf(s)}`
    case 'enum':
      return '不在可选范围内'
    case 'const':
      return s.const === true ? '须勾选同意' : `须为 ${String(s.const)}`
    case 'pattern':
      return '格式不正确'
    case 'minLength':
      return `至少 ${s.minLength} 个字`
    case 'maxLength':
      return `最多 ${s.maxLength} 个字`
    case 'minimum':
      return `不得小于 ${s.minimum}`
    case 'maximum':
      return `不得大于 ${s.maximum}`
    case 'exclusiveMinimum':
      return `须大于 ${s.exclusiveMinimum}`
    case 'exclusiveMaximum':
      return `须小于 ${s.exclusiveMaximum}`
    case 'multipleOf':
      return `须为 ${s.multipleOf} 的整数倍`
    case 'minItems':
      return `至少 ${s.minItems} 项`
    case 'maxItems':
      return `最多 ${s.maxItems} 项`
    case 'uniqueItems':
      return '不得重复'
    default:
      return '不符合要求'
  }
}
