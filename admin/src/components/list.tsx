import type { ReactNode } from 'react'
import { Link } from '@/route/route'
import { Tag } from './notice'

/** A task of a task list. Without `to` it cannot be started yet. */
export interface TaskItem {
  title: string
  hint?: string
  to?: string
  state: string
  tone: 'plain' | 'blue' | 'green' | 'yellow' | 'red'
}

/** What there is to do, each with its state. */
export function TaskList({ items }: { items: TaskItem[] }) {
  return (
    <ol className="task-list">
      {items.map((item) => (
        <li key={item.title} className="task">
          <div>
            {item.to ? <Link to={item.to}>{item.title}</Link> : <span>{item.title}</span>}
            {item.hint && <p className="muted">{item.hint}</p>}
          </div>
          <Tag tone={item.tone}>{item.state}</Tag>
        </li>
      ))}
    </ol>
  )
}

/** Names with their values; an action such as "change" may follow. */
export function SummaryList({ rows }: { rows: { name: string; value: ReactNode; action?: ReactNode }[] }) {
  return (
    <dl className="summary">
      {rows.map((row, i) => (
        <div className="summary-row" key={i}>
          <dt>{row.name}</dt>
          <dd>{row.value}</dd>
          {row.action && <dd className="summary-action">{row.action}</dd>}
        </div>
      ))}
    </dl>
  )
}

/** What happened, oldest first or last as given. */
export function Timeline({ items }: { items: { key: string | number; title: ReactNode; when: string; detail?: ReactNode }[] }) {
  return (
    <ol className="timeline">
      {items.map((item) => (
        <li key={item.key}>
          <p className="timeline-title">{item.title}</p>
          <p className="muted">{item.when}</p>
          {item.detail}
        </li>
      ))}
    </ol>
  )
}
