import { ButtonLink } from '@/components/button'
import { SummaryList } from '@/components/list'
import { Notice, Tag } from '@/components/notice'
import { Page } from '@/components/page'
import { Empty, Show } from '@/components/state'
import { inTenant, useTenant } from '@/features/tenant/tenant'
import { MatterGuideDocument, type MatterGuideQuery } from '@/gql/graphql'
import { useQuery } from '@/graphql/hooks'
import { t, word } from '@/text'
import { yuan } from '@/text/date'
import { GuideBlocks, GuideEdition } from './blocks'
import { GuideMaterials } from './materials'
import { GuideAnswers, GuideBasis, GuidePlaces, GuideRemedies, GuideSteps } from './sections'

export type Guide = NonNullable<MatterGuideQuery['matter']>

/** The service guide (办事指南) of a matter, made from its declaration. */
export function MatterGuide({ name }: { name: string }) {
  const { code } = useTenant()
  const guide = useQuery(MatterGuideDocument, { name }, { tenant: code })
  return (
    <Show loaded={guide} page>
      {({ matter }) =>
        matter ? (
          <GuidePage matter={matter} />
        ) : (
          <Page title={t('guide.absent')}>
            <Empty title={t('guide.absentHint')}>
              <ButtonLink to="/">{t('page.home')}</ButtonLink>
            </Empty>
          </Page>
        )
      }
    </Show>
  )
}

function GuidePage({ matter }: { matter: Guide }) {
  const sheet = matter.guide
  const composed = (id: string) => {
    const section = sheet?.sections.find((one) => one.id === id)
    return { id, title: section?.title ?? '', show: Boolean(section), body: sheet && <GuideBlocks sheet={sheet} id={id} /> }
  }
  const sections = [
    composed('basic'),
    { id: 'basis', title: t('guide.basis'), show: matter.legalBasis.length > 0, body: <GuideBasis matter={matter} /> },
    composed('conditions'),
    { id: 'materials', title: t('guide.materials'), show: true, body: <GuideMaterials matter={matter} /> },
    { id: 'limits', title: t('guide.limits'), show: true, body: <Limits matter={matter} /> },
    composed('fee'),
    { id: 'flow', title: t('guide.flow'), show: matter.steps.length > 0, body: <GuideSteps matter={matter} /> },
    composed('special'),
    composed('results'),
    { id: 'places', title: t('guide.places'), show: true, body: <GuidePlaces matter={matter} /> },
    composed('supervision'),
    { id: 'remedies', title: t('guide.remedies'), show: Boolean(matter.remedies), body: <GuideRemedies matter={matter} /> },
    { id: 'faq', title: t('guide.faq'), show: matter.faq.length > 0, body: <GuideAnswers matter={matter} /> },
  ].filter((section) => section.show)
  return (
    <Page title={matter.title} wide back={{ to: '/', label: t('guide.back') }} caption={matter.tenant.title}>
      <p className="tags">
        <Tag tone="blue">{word('itemType', matter.itemType)}</Tag> <Tag>{word('caseType', matter.caseType)}</Tag> {matter.onlineDepth && <Tag>{t('guide.depth', { depth: matter.onlineDepth })}</Tag>}
      </p>
      <AtAGlance matter={matter} />
      {sheet && <GuideEdition sheet={sheet} />}
      <div className="guide">
        <nav className="contents" aria-label={t('guide.contents')}>
          <ol>
            {sections.map(({ id, title }) => (
              <li key={id}>
                <a href={'#' + id}>{title}</a>
              </li>
            ))}
          </ol>
        </nav>
        <div className="guide-body">
          {sections.map(({ id, title, body }) => (
            <section key={id} aria-labelledby={id}>
              <h2 id={id}>{title}</h2>
              {body}
            </section>
          ))}
        </div>
      </div>
    </Page>
  )
}

function AtAGlance({ matter }: { matter: Guide }) {
  const online = matter.channels.some((channel) => channel === 'web' || channel === 'mobile')
  return (
    <div className="glance">
      <dl>
        <div>
          <dt>{t('guide.promised')}</dt>
          <dd>{matter.promisedLimit?.text ?? t('guide.instant')}</dd>
        </div>
        <div>
          <dt>{t('guide.visits')}</dt>
          <dd>{t('guide.visitsCount', { n: matter.visits ?? 0 })}</dd>
        </div>
        <div>
          <dt>{t('guide.fee')}</dt>
          <dd>{feeText(matter)}</dd>
        </div>
        <div>
          <dt>{t('guide.objects')}</dt>
          <dd>{matter.serviceObjects.map((one) => word('serviceObject', one)).join('、')}</dd>
        </div>
      </dl>
      <div className="glance-action">
        {!matter.open ? <Notice tone="warning">{t('guide.closed')}</Notice> : online ? <ButtonLink to={inTenant(`/apply/${encodeURIComponent(matter.name)}`, matter.tenant.code)}>{t('guide.apply')}</ButtonLink> : <Notice>{t('guide.windowOnly')}</Notice>}
      </div>
    </div>
  )
}

function feeText({ fee }: Guide): string {
  if (!fee || fee.charge === 'none') return t('guide.free')
  if (fee.charge === 'fixed' && typeof fee.amountFen === 'number') return t('guide.yuan', { amount: yuan(fee.amountFen) })
  return t('guide.formula')
}

function Limits({ matter }: { matter: Guide }) {
  const rows = [
    { name: t('guide.statutory'), value: matter.statutoryLimit?.text },
    { name: t('guide.promised'), value: matter.promisedLimit?.text },
    { name: t('guide.window'), value: matter.acceptanceWindow?.text },
  ].filter((row) => row.value)
  return (
    <>
      <SummaryList rows={rows} />
      {matter.specialProcedures.map((special) => (
        <p key={special.name}>
          {t(special.statutoryEffect === 'suspend' ? 'guide.specialBoth' : special.promisedEffect === 'suspend' ? 'guide.specialPromised' : 'guide.specialNone', { title: special.title, max: special.max ? t('guide.atMost', { limit: special.max.text }) : '' })}
          {special.legalBasis && <span className="muted">{t('guide.accordingTo', { basis: special.legalBasis })}</span>}
        </p>
      ))}
    </>
  )
}
