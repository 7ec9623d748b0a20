import { Result, Tag } from 'antd'
import { useTitle } from '@/desk/layout'
import { Show } from '@/desk/state'
import { HandlingCaseDocument, type HandlingCaseQuery } from '@/gql/graphql'
import { useQuery } from '@/graphql/hooks'
import { Link, usePlace } from '@/route/route'
import { t } from '@/text'
import { Clocks } from './clocks'
import { Application } from './application'
import { Documents } from './documents'
import { History } from './history'
import { Materials } from './materials'
import { Specials } from './special'
import { TaskPanel } from './task'

export type Handled = NonNullable<HandlingCaseQuery['case']>

/** A case on one screen: what was filed, what the law's clocks say, what happened, and what may be done now. */
export function HandlingPage({ id }: { id: string }) {
  const loaded = useQuery(HandlingCaseDocument, { id })
  return <Show loaded={loaded} page>{({ case: found }) => (found ? <Screen found={found} reload={loaded.reload} /> : <Result status="404" title={<h1>{t('case.absent')}</h1>} extra={<Link to="/desk">{t('desk.todo')}</Link>} />)}</Show>
}

function Screen({ found, reload }: { found: Handled; reload: () => void }) {
  useTitle(found.number)
  const wanted = usePlace().search.get('task')
  const task = found.tasks.find((one) => one.id === wanted) ?? found.tasks[0]
  return (
    <>
      <p>
        <Link to="/desk">{t('handling.back')}</Link>
      </p>
      <div className="desk-bar">
        <h1>
          {found.matter.title} <span className="mono muted">{found.number}</span>
        </h1>
        <Tag color="blue">{found.statusText}</Tag>
      </div>
      <div className="desk-case">
        <div>
          <Application found={found} />
          <Materials found={found} />
          <Specials found={found} reload={reload} />
          <Documents found={found} />
          <History found={found} />
        </div>
        <div className="desk-aside">
          {task ? <TaskPanel key={task.id} found={found} task={task} reload={reload} /> : <section className="desk-panel">{t('handling.noTask')}</section>}
          <Clocks found={found} />
        </div>
      </div>
    </>
  )
}
