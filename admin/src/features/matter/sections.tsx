import { SummaryList } from '@/components/list'
import { t, word } from '@/text'
import type { Guide } from './guide'

/** The laws that found the matter (设定依据). */
export function GuideBasis({ matter }: { matter: Guide }) {
  return (
    <ul>
      {matter.legalBasis.map((basis, i) => (
        <li key={i}>
          {basis.url ? (
            <a href={basis.url} rel="noopener">
              《{basis.law}》
            </a>
          ) : (
            <>《{basis.law}》</>
          )}
          {basis.article} {basis.documentNo && <span className="muted">（{basis.documentNo}）</span>}
          {basis.text && <blockquote>{basis.text}</blockquote>}
        </li>
      ))}
    </ul>
  )
}

/** The steps of handling and what comes out (办理流程). */
export function GuideSteps({ matter }: { matter: Guide }) {
  return (
    <>
      <ol className="steps">
        {matter.steps.map((step) => (
          <li key={step.node}>
            <strong>{step.title}</strong>
            <span className="muted">
              {word('phase', step.phase)}
              {step.limit && ` · ${step.limit.text}`}
            </span>
          </li>
        ))}
      </ol>
      {matter.results.length > 0 && <p>{t('guide.results', { results: matter.results.map((result) => result.title).join('、') })}</p>}
    </>
  )
}

/** Where to go, when, and whom to ask. */
export function GuidePlaces({ matter }: { matter: Guide }) {
  const rows = [
    { name: t('guide.department'), value: matter.department?.title },
    { name: t('guide.address'), value: matter.places?.address },
    { name: t('guide.hours'), value: matter.places?.hours },
    { name: t('guide.phone'), value: matter.places?.phone && <Phone number={matter.places.phone} /> },
    { name: t('guide.complaint'), value: matter.places?.complaint && <Phone number={matter.places.complaint} /> },
    { name: t('guide.forms'), value: matter.handlingForms.map((form) => word('handlingForm', form)).join('、') },
    { name: t('guide.delivery'), value: matter.delivery.map((way) => word('delivery', way)).join('、') },
    { name: t('guide.code'), value: matter.implementationCode },
  ].filter((row) => row.value)
  return <SummaryList rows={rows} />
}

/** A telephone number to press on a phone. */
export function Phone({ number }: { number: string }) {
  return <a href={'tel:' + number.replace(/[^\d+]/g, '')}>{number}</a>
}

/** What one may do against a decision (行政复议、行政诉讼). */
export function GuideRemedies({ matter }: { matter: Pick<Guide, 'remedies'> }) {
  const remedies = matter.remedies
  return (
    <ul>
      {remedies?.reconsiderationBody && (
        <li>
          {t('guide.reconsider', { body: remedies.reconsiderationBody, days: remedies.reconsiderationDays ?? 60 })}
          {remedies.reconsiderationFirst && t('guide.reconsiderFirst')}
        </li>
      )}
      {remedies?.litigationCourt && <li>{t('guide.sue', { court: remedies.litigationCourt, months: remedies.litigationMonths ?? 6 })}</li>}
    </ul>
  )
}

/** Questions often asked. */
export function GuideAnswers({ matter }: { matter: Guide }) {
  return matter.faq.map((one) => (
    <details key={one.question}>
      <summary>{one.question}</summary>
      <p>{one.answer}</p>
    </details>
  ))
}
