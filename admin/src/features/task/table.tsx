import { useState } from 'react'
import { App, Button, Tag } from 'antd'
import { useMore } from '@/components/more'
import { DataTable, type Column } from '@/desk/table'
import { ClaimTaskDocument, ReleaseTaskDocument, TasksDocument, type TasksQuery, type TasksQueryVariables } from '@/gql/graphql'
import { mutate } from '@/graphql/client'
import { useSession } from '@/features/session/viewer'
import { go, Link } from '@/route/route'
import { t, word } from '@/text'
import { day } from '@/text/date'
import { useListKeys } from './keys'
import { Light } from './light'

type Row = TasksQuery['tasks']['edges'][number]['node']

const pick = (data: TasksQuery) => data.tasks
const caseOf = (row: Row) => `/desk/cases/${encodeURIComponent(row.case.id)}?task=${encodeURIComponent(row.id)}`

/** The tasks as a table, with a further page on demand. */
export function TaskTable({ first, variables, changed, help }: { first: TasksQuery; variables: TasksQueryVariables; changed: () => void; help: () => void }) {
  const list = useMore(first.tasks, TasksDocument, variables, pick)
  const rows = list.nodes
  const current = useListKeys(rows.length, { open: (row) => rows[row] && go(caseOf(rows[row])), help })
  const columns: Column<Row>[] = [
    { title: t('todo.remaining'), show: (row) => <Light remaining={row.state === 'done' ? null : row.remaining} /> },
    { title: t('todo.case'), show: (row) => <Link to={caseOf(row)}>{row.case.number}</Link> },
    { title: t('todo.matter'), show: (row) => row.case.matter.title },
    { title: t('todo.applicant'), show: (row) => row.case.applicant.name },
    { title: t('todo.node'), show: (row) => row.title },
    { title: t('todo.due'), show: (row) => (row.dueOn ? day(row.dueOn) : t('light.none')) },
    { title: t('todo.state'), show: (row) => <Tag>{word('taskState', row.state)}</Tag> },
    { title: t('todo.assignee'), show: (row) => <Holder row={row} claimable={variables.filter?.view !== 'all'} changed={changed} /> },
  ]
  return (
    <div className="desk-panel">
      <DataTable label={t('desk.todo')} columns={columns} rows={rows} none={t('todo.none')} current={current} open={(row) => go(caseOf(row))} />
      <p className="visually-hidden" role="status">
        {current >= 0 && rows[current] ? t('todo.current', { number: rows[current].case.number, n: current + 1, of: rows.length }) : ''}
      </p>
      {list.more && (
        <Button onClick={list.load} loading={list.busy}>
          {t('list.more')}
        </Button>
      )}
    </div>
  )
}

/** Who has a task; taking it and giving it back. The view of all tasks holds other people's too: those are taken on the case page only. */
function Holder({ row, claimable, changed }: { row: Row; claimable: boolean; changed: () => void }) {
  const { viewer } = useSession()
  const { message } = App.useApp()
  const [busy, setBusy] = useState(false)
  const run = async (work: Promise<unknown>) => {
    setBusy(true)
    await work.then(changed, (error: Error) => message.error(error.message))
    setBusy(false)
  }
  if (row.state === 'offered' && claimable) {
    return (
      <Button size="small" loading={busy} onClick={() => void run(mutate(ClaimTaskDocument, { input: { task: row.id } }))}>
        {t('task.claim')}
      </Button>
    )
  }
  const mine = row.assignee?.id === viewer?.account.id
  return (
    <>
      {row.assignee?.name ?? t('light.none')}{' '}
      {mine && row.state === 'in_progress' && (
        <Button size="small" type="link" loading={busy} onClick={() => void run(mutate(ReleaseTaskDocument, { input: { task: row.id } }))}>
          {t('task.release')}
        </Button>
      )}
    </>
  )
}
