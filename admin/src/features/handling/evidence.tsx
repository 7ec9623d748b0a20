import { useState } from 'react'
import { Button } from 'antd'
import { Refusal } from '@/graphql/refusal'
import { upload } from '@/graphql/upload'
import { t } from '@/text'

/** Files of a report, such as photographs of an inspection. The value is their ids. */
export function Evidence({ id, owner, name, least, value, onChange }: { id: string; owner: string; name: string; least: number; value: unknown; onChange: (value: unknown) => void }) {
  const ids = (Array.isArray(value) ? value : []) as string[]
  const [titles, setTitles] = useState<Record<string, string>>({})
  const [state, setState] = useState<{ busy?: boolean; error?: string }>({})
  const choose = async (input: HTMLInputElement) => {
    setState({ busy: true })
    try {
      const added = []
      for (const file of input.files ?? []) added.push(await upload(file, { owner, material: name }))
      setTitles({ ...titles, ...Object.fromEntries(added.map((file) => [file.id, file.filename])) })
      onChange([...ids, ...added.map((file) => file.id)])
      setState({})
    } catch (error) {
      setState({ error: error instanceof Refusal ? error.message : String(error) })
    }
    input.value = ''
  }
  return (
    <>
      {least > 0 && <p className="muted">{t('input.least', { n: least })}</p>}
      <ul className="desk-list">
        {ids.map((file) => (
          <li key={file} className="desk-split">
            {titles[file] ?? file}
            <Button type="link" size="small" onClick={() => onChange(ids.filter((one) => one !== file))}>
              {t('material.remove', { name: titles[file] ?? '' })}
            </Button>
          </li>
        ))}
      </ul>
      <input id={id} type="file" multiple aria-label={t('input.files')} disabled={state.busy} onChange={(event) => void choose(event.target)} />
      {state.error && <p className="desk-field-error">{state.error}</p>}
    </>
  )
}
