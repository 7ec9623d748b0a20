import { useState, type ReactNode } from 'react'
import { Notice } from '@/components/notice'
import { Page } from '@/components/page'
import { Empty, Show } from '@/components/state'
import { SignedIn } from '@/features/session/sign-in'
import { useTenant } from '@/features/tenant/tenant'
import { ApplyMatterDocument, DraftsDocument, SaveDraftDocument, type MaterialInput } from '@/gql/graphql'
import { useMutation, useQuery } from '@/graphql/hooks'
import type { Refusal } from '@/graphql/refusal'
import type { Data } from '@/form/schema'
import { t } from '@/text'
import { CheckPage } from './check'
import { MaterialsPage } from './materials'
import type { Draft, Matter } from './model'
import { SectionPage } from './section'
import { TaskPage } from './tasks'

/** What every step of an application works with. */
export interface Application {
  matter: Matter
  tenant: string
  draft?: Draft
  /** Saves form and materials; gives the draft as the server now has it, or nothing when refused. */
  save: (form: Data, materials?: MaterialInput[]) => Promise<Draft | undefined>
  busy: boolean
  error?: Refusal
  /** Address of a step. */
  at: (step?: string) => string
}

/** The steps of an application; `section` has a number. */
export type Step = { name: 'tasks' | 'materials' | 'check' } | { name: 'section'; index: number }

/** An application from log-in to submission: a task list, one page of the form at a time, saved at each step. */
export function Apply({ matter, step }: { matter: string; step: Step }) {
  return (
    <SignedIn title={t('apply.title')}>
      <Loader name={matter} step={step} />
    </SignedIn>
  )
}

function Loader({ name, step }: { name: string; step: Step }) {
  const { code } = useTenant()
  const matter = useQuery(ApplyMatterDocument, { name }, { tenant: code })
  const drafts = useQuery(DraftsDocument, {}, { tenant: code })
  return (
    <Show loaded={matter} page>
      {({ matter: found }) => {
        if (!found) return <Lost title={t('guide.absent')} hint={t('guide.absentHint')} />
        if (!found.open) return <Lost title={found.title} hint={t('guide.closed')} />
        return <Show loaded={drafts} page>{(data) => <Steps key={found.id} matter={found} saved={data.drafts.edges.map((edge) => edge.node).find((draft) => draft.matter.id === found.id)} step={step} />}</Show>
      }}
    </Show>
  )
}

function Lost({ title, hint }: { title: string; hint: string }) {
  return (
    <Page title={title}>
      <Empty title={hint} />
    </Page>
  )
}

function Steps({ matter, saved, step }: { matter: Matter; saved?: Draft; step: Step }) {
  const tenant = matter.tenant.code
  const [draft, setDraft] = useState(saved)
  const { run, busy, error } = useMutation(SaveDraftDocument, { tenant })
  const save = async (form: Data, materials?: MaterialInput[]) => {
    const result = await run({ input: { draft: draft?.id, matter: matter.id, form, materials } })
    if (result) setDraft(result.saveDraft.draft)
    return result?.saveDraft.draft
  }
  const at = (to?: string) => `/apply/${encodeURIComponent(matter.name)}${to ? '/' + to : ''}?tenant=${tenant}`
  const application: Application = { matter, tenant, draft, save, busy, error, at }
  switch (step.name) {
    case 'section':
      return <SectionPage key={step.index} application={application} index={step.index} />
    case 'materials':
      return <MaterialsPage application={application} />
    case 'check':
      return <CheckPage application={application} />
    default:
      return <TaskPage application={application} />
  }
}

/** A refusal that no field can show. */
export function Refused({ error, children }: { error?: Refusal; children?: ReactNode }) {
  if (!error || error.problems.length > 0) return null
  return (
    <Notice tone="error" title={error.message}>
      {error.code === 'CONFLICT' && <p>{t('state.changed')}</p>}
      {error.reference && <p className="muted">{t('state.reference', { reference: error.reference })}</p>}
      {children}
    </Notice>
  )
}
