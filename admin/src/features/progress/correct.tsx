import { useState, type FormEvent } from 'react'
import { Button } from '@/components/button'
import { ErrorSummary, type Wrong } from '@/components/error-summary'
import { Notice } from '@/components/notice'
import { Page } from '@/components/page'
import { Empty, Show } from '@/components/state'
import { Refused } from '@/features/application/apply'
import { FileBox } from '@/features/application/file-box'
import { errorsByPath, materialOf, problemsIn, schemaOf, targetOf } from '@/features/application/model'
import { SignedIn } from '@/features/session/sign-in'
import type { Data } from '@/form/schema'
import { MyCaseDocument, ResubmitCorrectionDocument } from '@/gql/graphql'
import { useMutation, useQuery } from '@/graphql/hooks'
import type { Uploaded } from '@/graphql/upload'
import { go, usePlace } from '@/route/route'
import { t } from '@/text'
import { dueDay } from '@/text/date'
import { Fields } from '@/widgets/fields'
import { Absent, openCorrection, type MyCase } from './case'

type Correction = MyCase['corrections'][number]

/** Answering a correction notice (补正): only what the notice asks for. */
export function CorrectPage({ id }: { id: string }) {
  return (
    <SignedIn title={t('correct.title')}>
      <Loader id={id} />
    </SignedIn>
  )
}

function Loader({ id }: { id: string }) {
  const tenant = usePlace().search.get('tenant') ?? undefined
  const loaded = useQuery(MyCaseDocument, { id }, { tenant })
  return (
    <Show loaded={loaded} page>
      {({ case: found }) => {
        if (!found) return <Absent />
        const correction = openCorrection(found)
        return correction ? <Answering key={found.version} found={found} correction={correction} /> : <Page title={t('correct.title')} back={{ to: caseAddress(found) }}><Empty title={t('correct.none')} /></Page>
      }}
    </Show>
  )
}

const caseAddress = (found: MyCase) => `/cases/${encodeURIComponent(found.id)}?tenant=${found.tenant.code}`

function Answering({ found, correction }: { found: MyCase; correction: Correction }) {
  const tenant = found.tenant.code
  const schema = schemaOf(found.matter)
  const fields = correction.items.map((item) => item.field?.split('.')[0] ?? '').filter((name) => name in (schema.properties ?? {}))
  const materials = correction.items.flatMap((item) => (item.material ? [item.material] : []))
  const [data, setData] = useState<Data>(found.form as Data)
  const [files, setFiles] = useState<Record<string, Uploaded[]>>({})
  const [wrong, setWrong] = useState<{ path: string; message: string }[]>([])
  const resubmit = useMutation(ResubmitCorrectionDocument, { tenant })
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const lacking = materials.filter((ref) => !files[ref]?.length).map((ref) => ({ path: `$.materials[ref=${ref}]`, message: t('correct.need', { title: titleOf(found, ref) }) }))
    const problems = [...problemsIn(found.matter, data, fields), ...lacking]
    setWrong(problems)
    if (problems.length > 0) return
    const input = { case: found.id, version: found.version, form: fields.length > 0 ? data : undefined, materials: materials.map((ref) => ({ ref, files: files[ref]?.map((file) => file.id) })) }
    if (await resubmit.run({ input })) go(caseAddress(found))
  }
  const all = [...wrong, ...(resubmit.error?.problems ?? [])]
  return (
    <Page title={t('correct.title')} caption={found.matter.title} back={{ to: caseAddress(found) }}>
      <form onSubmit={submit} noValidate>
        <ErrorSummary errors={all.map(toWrong)} />
        <Refused error={resubmit.error} />
        <Notice tone="warning" title={correction.applicantDueOn ? t('case.correctBy', { day: dueDay(correction.applicantDueOn) }) : t('case.correct')}>
          <p>{correction.reason}</p>
          {correction.document?.file?.url && <a href={correction.document.file.url}>{t('case.download', { title: correction.document.title })}</a>}
        </Notice>
        <ol className="materials">
          {correction.items.map((item, i) => (
            <li key={i}>{item.requirement}</li>
          ))}
        </ol>
        <Fields names={[...new Set(fields)]} schema={schema} root={schema} path="$" data={data} onChange={setData} errors={errorsByPath(all)} />
        {[...new Set(materials)].map((ref) => (
          <MaterialAnswer key={ref} found={found} material={ref} files={files[ref] ?? []} put={(next) => setFiles({ ...files, [ref]: next })} />
        ))}
        <div className="actions">
          <Button type="submit" busy={resubmit.busy}>
            {t('correct.submit')}
          </Button>
        </div>
      </form>
    </Page>
  )
}

function titleOf(found: MyCase, ref: string): string {
  return found.matter.materials.find((material) => material.ref === ref)?.title ?? ref
}

function toWrong(problem: { path?: string | null; message: string }): Wrong {
  const material = materialOf(problem.path ?? '')
  return { target: material ? 'file-' + material : targetOf(problem.path ?? ''), message: problem.message }
}

function MaterialAnswer({ found, material, files, put }: { found: MyCase; material: string; files: Uploaded[]; put: (files: Uploaded[]) => void }) {
  const terms = found.matter.materials.find((one) => one.ref === material) ?? { title: material, formats: [], maxMb: 10 }
  return (
    <section className="card">
      <h2 className="card-title">{terms.title}</h2>
      <ul className="files">
        {files.map((file) => (
          <li key={file.id}>
            {file.filename}
            <Button look="quiet" onClick={() => put(files.filter((one) => one.id !== file.id))}>
              {t('material.remove', { name: file.filename })}
            </Button>
          </li>
        ))}
      </ul>
      <FileBox id={'file-' + material} terms={terms} purpose={{ owner: found.id, material }} tenant={found.tenant.code} added={(file) => put([...files, file])} />
    </section>
  )
}
