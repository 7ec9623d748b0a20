import { useState } from 'react'
import { Button, Input, Segmented, Select } from 'antd'
import { useTitle } from '@/desk/layout'
import { Failed, Show } from '@/desk/state'
import { TaskCountsDocument, TasksDocument, type TaskOrder, type TasksQueryVariables, type TaskView } from '@/gql/graphql'
import { useQuery } from '@/graphql/hooks'
import { go, usePlace, withSearch } from '@/route/route'
import { t, word } from '@/text'
import { Shortcuts } from './shortcuts'
import { TaskTable } from './table'

const views: TaskView[] = ['todo', 'mine', 'claimable', 'done', 'all']
const orders: TaskOrder[] = ['due_asc', 'opened_asc', 'opened_desc']

/** The to-do list (待办). View, order and filters live in the address, so that a list can be kept and shared. */
export function TodoPage() {
  useTitle(t('desk.todo'))
  const place = usePlace()
  const view = views.find((one) => one === place.search.get('view')) ?? 'todo'
  const orderBy = orders.find((one) => one === place.search.get('order')) ?? 'due_asc'
  const [number, dueBefore] = [place.search.get('number') ?? '', place.search.get('due') ?? '']
  const variables: TasksQueryVariables = { filter: { view, number: number || undefined, dueBefore: dueBefore || undefined }, orderBy }
  const tasks = useQuery(TasksDocument, variables)
  const counts = useQuery(TaskCountsDocument, {})
  const [help, setHelp] = useState(false)
  const set = (changes: Record<string, string | undefined>) => go(withSearch(place, changes), { replace: true })
  const changed = () => {
    tasks.reload()
    counts.reload()
  }
  const count: Partial<Record<TaskView, number | null>> = { mine: counts.data?.mine.totalCount, claimable: counts.data?.claimable.totalCount }
  return (
    <>
      <div className="desk-bar">
        <h1>{t('desk.todo')}</h1>
        <Button onClick={() => setHelp(true)}>{t('todo.keys')}</Button>
      </div>
      <div className="desk-bar">
        <Segmented aria-label={t('todo.view')} value={view} onChange={(to) => set({ view: to === 'todo' ? undefined : to })} options={views.map((value) => ({ value, label: word('view', value) + (typeof count[value] === 'number' ? ` ${count[value]}` : '') }))} />
        <Input.Search key={number} aria-label={t('todo.number')} placeholder={t('todo.number')} allowClear defaultValue={number} onSearch={(text) => set({ number: text.trim() || undefined })} className="todo-number" />
        <label>
          {t('todo.dueBefore')} <input type="date" className="desk-date" value={dueBefore} onChange={(event) => set({ due: event.target.value || undefined })} />
        </label>
        <Select aria-label={t('todo.order')} value={orderBy} onChange={(to) => set({ order: to === 'due_asc' ? undefined : to })} options={orders.map((value) => ({ value, label: word('order', value) }))} />
        <Button onClick={changed} loading={tasks.loading}>
          {t('todo.refresh')}
        </Button>
      </div>
      {tasks.data && tasks.error && <Failed error={tasks.error} />}
      <Show loaded={tasks}>{(data) => <TaskTable key={JSON.stringify([variables, data.tasks.pageInfo.endCursor])} first={data} variables={variables} changed={changed} help={() => setHelp(true)} />}</Show>
      <Shortcuts open={help} close={() => setHelp(false)} />
    </>
  )
}
