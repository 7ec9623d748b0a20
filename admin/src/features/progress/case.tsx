import { ButtonLink } from '@/components/button'
import { SummaryList, Timeline } from '@/components/list'
import { Notice } from '@/components/notice'
import { Page } from '@/components/page'
import { Empty, Show } from '@/components/state'
import { sectionsOf, schemaOf } from '@/features/application/model'
import { GuideRemedies } from '@/features/matter/sections'
import { SignedIn } from '@/features/session/sign-in'
import { resolve, type Data } from '@/form/schema'
import { MyCaseDocument, type MyCaseQuery } from '@/gql/graphql'
import { useQuery } from '@/graphql/hooks'
import { usePlace } from '@/route/route'
import { t, word } from '@/text'
import { day, dueDay, instant } from '@/text/date'
import { Answer } from '@/widgets/answer'
import { FlowSteps } from './flow'
import { Status } from './status'
import { Withdraw } from './withdraw'

export type MyCase = NonNullable<MyCaseQuery['case']>

/** An applicant's own case: where it stands, what was issued, what is asked for. */
export function CasePage({ id }: { id: string }) {
  return (
    <SignedIn title={t('case.title')}>
      <Loader id={id} />
    </SignedIn>
  )
}

function Loader({ id }: { id: string }) {
  const tenant = usePlace().search.get('tenant') ?? undefined
  const loaded = useQuery(MyCaseDocument, { id }, { tenant })
  return <Show loaded={loaded} page>{({ case: found }) => (found ? <View found={found} reload={loaded.reload} /> : <Absent />)}</Show>
}

export function Absent() {
  return (
    <Page title={t('case.absent')}>
      <Empty title={t('case.absentHint')}>
        <ButtonLink to="/my">{t('my.title')}</ButtonLink>
      </Empty>
    </Page>
  )
}

/** The correction round that waits for the applicant. */
export const openCorrection = (found: MyCase) => found.corrections.find((one) => one.status === 'issued')

function View({ found, reload }: { found: MyCase; reload: () => void }) {
  return (
    <Page title={found.matter.title} caption={found.tenant.title} back={{ to: '/my', label: t('my.title') }}>
      <p className="tags">
        <Status status={found.status} text={found.statusText} /> <span className="code">{found.number}</span>
      </p>
      <AskedFor found={found} />
      <LicenceIssued found={found} />
      <h2>{t('case.where')}</h2>
      <Facts found={found} />
      <FlowSteps steps={found.flow} />
      <h2>{t('case.timeline')}</h2>
      <Timeline items={found.timeline.toReversed().map((event) => ({ key: event.seq, title: event.title, when: `${instant(event.at)} · ${event.actorName}` }))} />
      <Documents found={found} />
      <Filed found={found} />
      {found.outcome === 'refused' && (
        <>
          <h2>{t('guide.remedies')}</h2>
          <GuideRemedies matter={found.matter} />
        </>
      )}
      <Withdraw found={found} done={reload} />
    </Page>
  )
}

function AskedFor({ found }: { found: MyCase }) {
  const correction = openCorrection(found)
  if (!correction) return null
  const due = correction.applicantDueOn
  return (
    <Notice tone="warning" title={due ? t('case.correctBy', { day: dueDay(due) }) : t('case.correct')}>
      <p>{correction.reason}</p>
      <ul>
        {correction.items.map((item, i) => (
          <li key={i}>{item.requirement}</li>
        ))}
      </ul>
      <ButtonLink to={`/cases/${encodeURIComponent(found.id)}/correct?tenant=${found.tenant.code}`}>{t('case.toCorrect')}</ButtonLink>
    </Notice>
  )
}

function LicenceIssued({ found: { licence } }: { found: MyCase }) {
  if (!licence) return null
  return (
    <Notice tone="success" title={t('case.licence', { title: licence.title })}>
      <p>
        {licence.licenceNo} · {day(licence.validFrom)} — {licence.validTo ? day(licence.validTo) : t('verify.forever')}
      </p>
      <p>
        {licence.file?.url && <a href={licence.file.url}>{t('case.download', { title: licence.title })}</a>} <a href={'/verify?id=' + encodeURIComponent(licence.identifier)}>{t('case.verify')}</a>
      </p>
    </Notice>
  )
}

function Facts({ found }: { found: MyCase }) {
  const rows = [
    { name: t('case.handler'), value: found.matter.department?.title },
    { name: t('done.queryCode'), value: found.queryCode && <span className="code">{found.queryCode}</span> },
    { name: t('done.receivedAt'), value: instant(found.receivedAt) },
    { name: t('case.acceptedOn'), value: found.acceptedOn && day(found.acceptedOn) + (found.deemedAccepted ? t('case.deemed') : '') },
    ...found.clocks.filter((clock) => clock.state === 'running' || clock.state === 'suspended').map((clock) => ({ name: clock.title, value: <Due clock={clock} /> })),
    { name: t('case.outcome'), value: found.outcome && word('outcome', found.outcome) },
  ].filter((row) => row.value)
  return <SummaryList rows={rows} />
}

function Due({ clock }: { clock: MyCase['clocks'][number] }) {
  return (
    <>
      {dueDay(clock.dueOn)} {clock.state === 'suspended' && <span className="muted">{t('case.suspended')}</span>} {clock.provisional && <span className="muted">{t('case.provisional')}</span>}
      <details>
        <summary>{t('case.explain')}</summary>
        <ul>
          {clock.explain.map((line, i) => (
            <li key={i}>{line}</li>
          ))}
        </ul>
      </details>
    </>
  )
}

function Documents({ found }: { found: MyCase }) {
  const documents = found.documents.filter((document) => !document.voided)
  return (
    <>
      <h2>{t('case.documents')}</h2>
      {documents.length === 0 ? (
        <p className="muted">{t('case.noDocuments')}</p>
      ) : (
        <ul className="files">
          {documents.map((document) => (
            <li key={document.id}>
              <span>
                {document.title} <span className="muted">{`${document.number} · ${day(document.date)}`}</span>
              </span>
              {document.file?.url ? <a href={document.file.url}>{t('case.download', { title: document.title })}</a> : <span className="muted">{t('case.rendering')}</span>}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function Filed({ found }: { found: MyCase }) {
  const schema = schemaOf(found.matter)
  const data = found.form as Data
  return (
    <details>
      <summary>{t('case.filed')}</summary>
      {sectionsOf(found.matter).map((section) => (
        <section key={section.title}>
          <h3>{section.title}</h3>
          <SummaryList rows={section.fields.map((name) => ({ name: resolve(schema.properties?.[name], schema).title ?? name, value: <Answer schema={schema.properties?.[name]} root={schema} value={data[name]} /> }))} />
        </section>
      ))}
      <h3>{t('apply.materials')}</h3>
      <SummaryList
        rows={found.materials.map((material) => ({
          name: material.title,
          value: (
            <>
              {word('materialStatus', material.status)}
              {material.files.map((file) => (
                <span key={file.id}> · {file.url ? <a href={file.url}>{file.filename}</a> : file.filename}</span>
              ))}
            </>
          ),
        }))}
      />
    </details>
  )
}
