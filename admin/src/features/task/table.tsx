import { useState } from 'react'
import { App, Button, Empty, Table, Tag, type TableColumnsType } from 'antd'
import { useMore } from '@/components/more'
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
  const columns: TableColumnsType<Row> = [
    { title: t('todo.remaining'), key: 'light', width: 130, render: (_, row) => <Light remaining={row.state === 'done' ? null : row.remaining} /> },
    { title: t('todo.case'), key: 'number', render: (_, row) => <Link to={caseOf(row)}>{row.case.number}</Link> },
    { title: t('todo.matter'), key: 'matter', render: (_, row) => row.case.matter.title },
    { title: t('todo.applicant'), key: 'applicant', render: (_, row) => row.case.applicant.name },
    { title: t('todo.node'), key: 'node', render: (_, row) => row.title },
    { title: t('todo.due'), key: 'due', width: 130, render: (_, row) => (row.dueOn ? day(row.dueOn) : t('light.none')) },
    { title: t('todo.state'), key: 'state', width: 110, render: (_, row) => <Tag>{word('taskState', row.state)}</Tag> },
    { title: t('todo.assignee'), key: 'assignee', width: 170, render: (_, row) => <Holder row={row} changed={changed} /> },
  ]
  return (
    <div className="desk-panel desk-table">
      <Table
        columns={columns}
        dataSource={rows}
        rowKey="id"
        pagination={false}
        size="middle"
        scroll={{ x: 900 }}
        rowClassName={(_, i) => (i === current ? 'desk-row-current' : '')}
        onRow={(row, i) => ({ 'aria-current': i === current || undefined, onDoubleClick: () => go(caseOf(row)) })}
        locale={{ emptyText: <Empty description={t('todo.none')} image={Empty.PRESENTED_IMAGE_SIMPLE} /> }}
      />
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

/** Who has a task; taking it and giving it back. */
function Holder({ row, changed }: { row: Row; changed: () => void }) {
  const { viewer } = useSession()
  const { message } = App.useApp()
  const [busy, setBusy] = useState(false)
  const run = async (work: Promise<unknown>) => {
    setBusy(true)
    await work.then(changed, (error: Error) => message.error(error.message))
    setBusy(false)
  }
  if (row.state === 'offered') {
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
