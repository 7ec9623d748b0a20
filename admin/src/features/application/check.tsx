import { useEffect, useRef, useState, type FormEvent } from 'react'
import { Button, ButtonLink } from '@/components/button'
import { ErrorSummary, type Wrong } from '@/components/error-summary'
import { SummaryList } from '@/components/list'
import { Notice } from '@/components/notice'
import { Page } from '@/components/page'
import { resolve, type Data } from '@/form/schema'
import { SubmitApplicationDocument } from '@/gql/graphql'
import { useMutation } from '@/graphql/hooks'
import type { Remark } from '@/graphql/refusal'
import { go, Link } from '@/route/route'
import { t } from '@/text'
import { Answer } from '@/widgets/answer'
import { Refused, type Application } from './apply'
import { Changes } from './changes'
import { fieldOf, materialOf, schemaOf, sectionsOf, targetOf, type Draft, type Material } from './model'

/** Check answers, give the statement, submit. */
export function CheckPage({ application }: { application: Application }) {
  const { matter, draft, tenant, at } = application
  const [stated, setStated] = useState(false)
  const [unstated, setUnstated] = useState(false)
  const submit = useMutation(SubmitApplicationDocument, { tenant })
  const outdated = submit.error?.reason === 'draft_outdated'
  const answered = useRef(false)
  useEffect(() => {
    if (outdated && draft && !answered.current) void application.save(draft.form as Data) // tells what has changed since; the applicant sees it and submits again
    answered.current = outdated // once for each refusal
  }, [outdated, draft, application])
  if (!draft) return <Notice tone="warning">{t('apply.startFirst')} <ButtonLink to={at()}>{t('apply.toTasks')}</ButtonLink></Notice>
  const remarks = submit.error?.problems ?? draft.problems
  const errors = remarks.filter((remark) => remark.severity !== 'warning').map((remark) => toWrong(application, remark))
  if (unstated) errors.push({ target: 'statement', message: t('apply.needStatement') })
  const send = async (event: FormEvent) => {
    event.preventDefault()
    setUnstated(!stated)
    if (!stated) return
    const result = await submit.run({ input: { draft: draft.id, statement: stated } })
    if (result) go(`/apply/${encodeURIComponent(matter.name)}/done?case=${encodeURIComponent(result.submitApplication.case.id)}&tenant=${tenant}`, { replace: true })
  }
  return (
    <Page title={t('apply.check')} caption={matter.title} back={{ to: at(), label: t('apply.toTasks') }}>
      <form onSubmit={send} noValidate>
        <ErrorSummary errors={errors} />
        <Changes application={application} />
        <Refused error={submit.error} />
        {remarks
          .filter((remark) => remark.severity === 'warning')
          .map((remark) => (
            <Notice key={remark.code + remark.path} tone="warning" title={t('apply.remark')}>
              <p>{remark.message}</p>
            </Notice>
          ))}
        <Answers application={application} draft={draft} />
        <h2>{t('apply.statementTitle')}</h2>
        <p>{t('apply.statementLead')}</p>
        <label className="choice">
          <input id="statement" type="checkbox" checked={stated} onChange={(event) => setStated(event.target.checked)} aria-invalid={unstated || undefined} />
          <span>{t('apply.statement')}</span>
        </label>
        <div className="actions">
          <Button type="submit" busy={submit.busy}>
            {t('apply.submit')}
          </Button>
        </div>
      </form>
    </Page>
  )
}

/** A remark with the way to where it can be put right. */
function toWrong({ matter, draft, at }: Application, remark: Remark): Wrong {
  const path = remark.path ?? ''
  if (path === '$.statement') return { target: 'statement', message: remark.message }
  const material = materialOf(path, draft?.materials)
  if (material) return { to: at('materials'), message: remark.message }
  const index = sectionsOf(matter).findIndex((section) => section.fields.includes(fieldOf(path)))
  return index < 0 ? { message: remark.message } : { to: at(`section/${index + 1}`) + '#' + targetOf(path), message: remark.message }
}

function Answers({ application, draft }: { application: Application; draft: Draft }) {
  const { matter, at } = application
  const schema = schemaOf(matter)
  const data = draft.form as Data
  return (
    <>
      {sectionsOf(matter).map((section, i) => (
        <section key={section.title}>
          <div className="section-head">
            <h2>{section.title}</h2>
            <Link to={at(`section/${i + 1}`)} aria-label={t('apply.changeOf', { title: section.title })}>
              {t('apply.change')}
            </Link>
          </div>
          <SummaryList rows={section.fields.map((name) => ({ name: resolve(schema.properties?.[name], schema).title ?? name, value: <Answer schema={schema.properties?.[name]} root={schema} value={data[name]} /> }))} />
        </section>
      ))}
      {matter.materials.length > 0 && (
        <section>
          <div className="section-head">
            <h2>{t('apply.materials')}</h2>
            <Link to={at('materials')} aria-label={t('apply.changeOf', { title: t('apply.materials') })}>
              {t('apply.change')}
            </Link>
          </div>
          <SummaryList rows={matter.materials.map((material) => ({ name: material.title, value: materialText(material, draft) }))} />
        </section>
      )}
    </>
  )
}

function materialText(material: Material, draft: Draft): string {
  if (material.generatedFromForm) return t('material.generated')
  const given = draft.materials.find((one) => one.ref === material.ref)
  if (given?.reuse) return t('material.reused', { title: given.reuse.title, no: given.reuse.licenceNo })
  if (given?.commitment) return t('material.committed')
  return given && given.files.length > 0 ? given.files.map((file) => file.filename).join('、') : t('answer.none')
}
