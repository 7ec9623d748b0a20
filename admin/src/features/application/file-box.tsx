import { useState } from 'react'
import { Field } from '@/components/field'
import { Refusal } from '@/graphql/refusal'
import { upload, type Purpose, type Uploaded } from '@/graphql/upload'
import { t } from '@/text'

interface Terms {
  title: string
  formats: string[]
  maxMb: number
}

/** What is wrong with a file before it is sent; the server checks type and size again from the bytes. */
export function refuse(file: File, terms: Terms): string | undefined {
  const suffix = file.name.split('.').pop()?.toLowerCase() ?? ''
  const formats = terms.formats.flatMap((format) => (format === 'jpg' || format === 'jpeg' ? ['jpg', 'jpeg'] : [format]))
  if (formats.length > 0 && !formats.includes(suffix)) return t('upload.format', { name: file.name, formats: terms.formats.join('、').toUpperCase() })
  if (file.size > terms.maxMb * 1024 * 1024) return t('upload.large', { name: file.name, max: terms.maxMb })
  return file.size === 0 ? t('upload.empty', { name: file.name }) : undefined
}

/** Chooses a file and sends it: digest in the browser, bytes to the object store, check by the server. */
export function FileBox({ id, terms, purpose, tenant, added }: { id: string; terms: Terms; purpose: Purpose; tenant: string; added: (file: Uploaded) => unknown }) {
  const [state, setState] = useState<{ busy?: string; error?: string }>({})
  const choose = async (input: HTMLInputElement) => {
    const file = input.files?.[0]
    if (!file) return
    const error = refuse(file, terms)
    if (error) return setState({ error })
    setState({ busy: file.name })
    try {
      await added(await upload(file, purpose, { tenant }))
      setState({})
    } catch (failure) {
      setState({ error: failure instanceof Refusal ? (failure.problems[0]?.message ?? failure.message) : String(failure) })
    }
    input.value = ''
  }
  return (
    <Field id={id} label={t('upload.label', { title: terms.title })} error={state.error}>
      <input className="input-file" id={id} type="file" accept={terms.formats.map((format) => '.' + format).join(',')} disabled={Boolean(state.busy)} aria-invalid={state.error ? true : undefined} aria-describedby={state.error ? id + '-error' : undefined} onChange={(event) => void choose(event.target)} />
      <p role="status" className="muted">
        {state.busy && t('upload.busy', { name: state.busy })}
      </p>
    </Field>
  )
}
