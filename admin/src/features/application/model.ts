import { controlId } from '@/components/field'
import { validate, type Problem } from '@/form/validate'
import { resolve, type Data, type Schema } from '@/form/schema'
import type { ApplyMatterQuery, DraftPartsFragment, MaterialInput } from '@/gql/graphql'
import type { Remark } from '@/graphql/refusal'
import { t } from '@/text'

export type Matter = NonNullable<ApplyMatterQuery['matter']>
export type Draft = DraftPartsFragment
export type Material = Matter['materials'][number]

/** One page of the form. */
export interface Section {
  title: string
  fields: string[]
  conditional: boolean
}

/** The schema of a matter's form; an empty one when it has none. */
export const schemaOf = (matter: { form?: { schema: unknown } | null }): Schema => (matter.form?.schema as Schema | undefined) ?? { type: 'object', properties: {} }

/** The sections as declared; fields that none of them names come last. */
export function sectionsOf(matter: { form?: { title?: string; schema: unknown; sections: { title: string; fields: string[]; showWhen?: string | null }[] } | null }): Section[] {
  const declared = matter.form?.sections ?? []
  const named = new Set(declared.flatMap((section) => section.fields))
  const rest = Object.keys(schemaOf(matter).properties ?? {}).filter((name) => !named.has(name))
  const sections = declared.map((section) => ({ title: section.title, fields: section.fields, conditional: Boolean(section.showWhen) }))
  return rest.length > 0 ? [...sections, { title: declared.length > 0 ? t('apply.rest') : (matter.form?.title ?? t('apply.form')), fields: rest, conditional: false }] : sections
}

/** A problem's path inside the form: the server may name the form itself first. */
const inForm = (path: string) => (path.startsWith('$.form.') ? '$' + path.slice('$.form'.length) : path)

/** The top-level field that a path lies in. */
export function fieldOf(path: string): string {
  const rest = inForm(path).slice(1)
  const quoted = /^\["((?:[^"\\]|\\.)*)"\]/.exec(rest)
  return quoted?.[1] ?? /^\.([^.[]+)/.exec(rest)?.[1] ?? ''
}

/** The material that a path lies in, named or counted among those handed in. */
export function materialOf(path: string, given: { ref: string }[] = []): string | undefined {
  const [, ref, index] = /^\$\.materials\[(?:ref=([^\]]+)|(\d+))\]/.exec(path) ?? []
  return ref ?? (index === undefined ? undefined : given[Number(index)]?.ref)
}

/** What the browser finds wrong with some fields, in the order of the page. */
export function problemsIn(matter: { form?: { schema: unknown } | null }, data: Data, fields: string[]): Problem[] {
  return inPageOrder(validate(schemaOf(matter), data), fields)
}

/** What the server said about some fields and the browser cannot know: rules, dictionaries, registers. */
export function remarksIn(remarks: Remark[], fields: string[]): Remark[] {
  return inPageOrder(remarks, fields)
}

/** The problems of some fields, sorted as the fields are. */
function inPageOrder<One extends { path?: string | null }>(problems: One[], fields: string[]): One[] {
  const at = (problem: One) => fields.indexOf(fieldOf(problem.path ?? ''))
  return problems.filter((problem) => at(problem) >= 0).sort((a, b) => at(a) - at(b))
}

/** Messages by path, for the widgets. */
export function errorsByPath(problems: { path?: string | null; message: string }[]): Record<string, string> {
  return Object.fromEntries(problems.map((problem) => [inForm(problem.path ?? ''), problem.message]))
}

/** The id of the control a path leads to. */
export const targetOf = (path: string) => controlId(inForm(path))

/** How far a section is. */
export function sectionState(matter: Matter, draft: Draft | undefined, section: Section): 'empty' | 'begun' | 'done' {
  const data = (draft?.form ?? {}) as Data
  const root = schemaOf(matter)
  const answered = (name: string) => data[name] !== undefined && data[name] !== resolve(root.properties?.[name], root).default
  if (!section.fields.some(answered)) return 'empty'
  const wrong = problemsIn(matter, data, section.fields).length > 0 || remarksIn(draft?.problems ?? [], section.fields).some((remark) => remark.severity === 'error')
  return wrong ? 'begun' : 'done'
}

/**
 * Whether a material must still be handed in. The server judges materials by the
 * form, so only once the form is in order; before, the declaration has to do.
 */
export function lacks(material: Material, draft: Draft | undefined): boolean {
  const problems = (draft?.problems ?? []).filter((problem) => problem.severity === 'error')
  const given = draft?.materials.find((one) => one.ref === material.ref)
  if (problems.some((problem) => materialOf(problem.path ?? '', draft?.materials) === material.ref)) return true
  if (given && (given.files.length > 0 || given.reuse || given.commitment)) return false
  const judged = draft !== undefined && problems.every((problem) => materialOf(problem.path ?? '', draft.materials) !== undefined || problem.path === '$.statement')
  return !judged && material.required && !material.generatedFromForm && !material.toleranceDue
}

/** The materials of a draft as input, with one of them changed. */
export function materialsInput(draft: Draft, change: MaterialInput): MaterialInput[] {
  const kept = draft.materials.filter((one) => one.ref !== change.ref).map((one) => ({ ref: one.ref, files: one.files.map((file) => file.id), reuse: one.reuse?.id, commitment: one.commitment }))
  return [...kept, change]
}
