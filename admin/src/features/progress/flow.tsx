import { Tag } from '@/components/notice'
import type { CaseProgressQuery } from '@/gql/graphql'
import { t, word } from '@/text'

type Step = NonNullable<CaseProgressQuery['caseProgress']>['flow'][number]

const tones = { done: 'green', current: 'blue', ahead: 'plain', skipped: 'plain' } as const

/** The guide's steps with how far the case is (办理进度); nothing for a matter without a public guide. */
export function FlowSteps({ steps }: { steps: Step[] }) {
  if (steps.length === 0) return null
  return (
    <>
      <h2>{t('flow.title')}</h2>
      <ol className="steps" aria-label={t('flow.title')}>
        {steps.map((step, i) => (
          <li key={i} aria-current={step.state === 'current' ? 'step' : undefined}>
            <strong>{step.title}</strong> <Tag tone={tones[step.state]}>{word('flow', step.state)}</Tag>
            <span className="muted">
              {word('phase', step.phase)}
              {step.limit && ` · ${step.limit.text}`}
            </span>
          </li>
        ))}
      </ol>
    </>
  )
}
