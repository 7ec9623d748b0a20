import { useState } from 'react'
import { Alert, Button, Radio } from 'antd'
import { Failed } from '@/desk/state'
import { Light } from '@/features/task/light'
import { ClaimTaskDocument, ReleaseTaskDocument } from '@/gql/graphql'
import { useMutation } from '@/graphql/hooks'
import { useSession } from '@/features/session/viewer'
import { t } from '@/text'
import { ActionPanel } from './action'
import type { Handled } from './page'
import { Panel } from './panel'

export type HandledTask = Handled['tasks'][number]

/** The task at hand: taking it, and what may be done. */
export function TaskPanel({ found, task, reload }: { found: Handled; task: HandledTask; reload: () => void }) {
  const { viewer } = useSession()
  const [chosen, setChosen] = useState(task.actions.length === 1 ? task.actions[0]?.id : undefined)
  const claim = useMutation(ClaimTaskDocument)
  const release = useMutation(ReleaseTaskDocument)
  const mine = task.assignee?.id === viewer?.account.id
  const offered = task.state === 'offered'
  // The list of candidates is cut at 50: who is not in a full list may still be one.
  const candidate = task.candidates.length >= 50 || task.candidates.some((one) => one.id === viewer?.account.id)
  const action = task.actions.find((one) => one.id === chosen)
  const claimIt = async () => (await claim.run({ input: { task: task.id } })) && reload()
  const releaseIt = async () => (await release.run({ input: { task: task.id } })) && reload()
  const error = claim.error ?? release.error
  return (
    <Panel title={t('handling.task', { title: task.title })}>
      <p className="desk-split">
        <Light remaining={task.remaining} />
        <span className="muted">{task.assignee ? t('handling.holder', { name: task.assignee.name }) : t('handling.unclaimed')}</span>
      </p>
      {error && <Failed error={error} />}
      {offered && candidate && (
        <p>
          <Button type="primary" loading={claim.busy} onClick={() => void claimIt()}>
            {t('task.claim')}
          </Button>
        </p>
      )}
      {mine && !offered && (
        <p>
          <Button loading={release.busy} onClick={() => void releaseIt()}>
            {t('task.release')}
          </Button>
        </p>
      )}
      {task.actions.length === 0 && <Alert type="info" title={t('handling.noActions')} />}
      {task.actions.length > 1 && (
        <fieldset className="desk-field">
          <legend>{t('handling.choose')}</legend>
          <Radio.Group value={chosen} onChange={(event) => setChosen(event.target.value as string)} options={task.actions.map((one) => ({ value: one.id, label: one.title }))} />
        </fieldset>
      )}
      {action && <ActionPanel key={action.id} found={found} task={task} action={action} reload={reload} />}
    </Panel>
  )
}
