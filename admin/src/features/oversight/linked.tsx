import { Button, Empty, Select, Table, Tag, type TableColumnsType } from 'antd'
import { useTitle } from '@/desk/layout'
import { Show } from '@/desk/state'
import { useMore } from '@/components/more'
import { LinkedCasesDocument, SubordinatesDocument, type LinkedCasesQuery, type LinkedCasesQueryVariables } from '@/gql/graphql'
import { useQuery } from '@/graphql/hooks'
import { useSession } from '@/features/session/viewer'
import { go, usePlace, withSearch } from '@/route/route'
import { t, word } from '@/text'
import { day, instant } from '@/text/date'

type Row = LinkedCasesQuery['linkedCases']['edges'][number]['node']

/** Cases of subordinate governments, masked as policy says; each look is recorded on both sides. */
export function LinkedPage() {
  useTitle(t('desk.linked'))
  const { viewer } = useSession()
  const place = usePlace()
  const home = viewer?.home.code ?? ''
  const under = place.search.get('under') ?? home
  const overdue = place.search.get('overdue') === 'yes'
  const variables: LinkedCasesQueryVariables = { under, filter: overdue ? { overdue } : undefined }
  const below = useQuery(SubordinatesDocument, { under: home })
  const cases = useQuery(LinkedCasesDocument, variables)
  const options = [{ value: home, label: t('linked.all', { title: viewer?.home.title ?? '' }) }, ...(below.data?.subordinates.edges ?? []).map(({ node }) => ({ value: node.code, label: node.title }))]
  return (
    <>
      <div className="desk-bar">
        <h1>{t('desk.linked')}</h1>
        <Select aria-label={t('linked.under')} value={under} options={options} onChange={(to) => go(withSearch(place, { under: to === home ? undefined : to }), { replace: true })} className="linked-under" />
        <label>
          <input type="checkbox" checked={overdue} onChange={(event) => go(withSearch(place, { overdue: event.target.checked ? 'yes' : undefined }), { replace: true })} /> {t('linked.overdue')}
        </label>
      </div>
      <p className="muted">{t('linked.recorded')}</p>
      <Show loaded={cases}>{(data) => <LinkedTable key={JSON.stringify(variables)} first={data} variables={variables} />}</Show>
    </>
  )
}

const pick = (data: LinkedCasesQuery) => data.linkedCases

function LinkedTable({ first, variables }: { first: LinkedCasesQuery; variables: LinkedCasesQueryVariables }) {
  const list = useMore(first.linkedCases, LinkedCasesDocument, variables, pick)
  const columns: TableColumnsType<Row> = [
    { title: t('linked.light'), key: 'light', render: (_, row) => <span className={`light light-${row.light}`}>{word('light', row.light)}</span> },
    { title: t('linked.tenant'), dataIndex: 'tenantTitle' },
    { title: t('todo.case'), dataIndex: 'number' },
    { title: t('todo.matter'), dataIndex: 'matterTitle' },
    { title: t('guide.department'), dataIndex: 'departmentTitle' },
    { title: t('todo.applicant'), dataIndex: 'applicantMasked' },
    { title: t('todo.state'), key: 'status', render: (_, row) => <Tag>{word('caseStatus', row.status)}</Tag> },
    { title: t('done.receivedAt'), key: 'received', render: (_, row) => instant(row.receivedAt) },
    { title: t('guide.promised'), key: 'due', render: (_, row) => (row.promisedDueOn ? day(row.promisedDueOn) : t('light.none')) },
    { title: t('linked.updated'), key: 'updated', render: (_, row) => instant(row.updatedAt) },
  ]
  return (
    <div className="desk-panel desk-table">
      <Table columns={columns} dataSource={list.nodes} rowKey="id" pagination={false} size="middle" scroll={{ x: 1200 }} locale={{ emptyText: <Empty description={t('linked.none')} image={Empty.PRESENTED_IMAGE_SIMPLE} /> }} />
      {list.more && (
        <Button onClick={list.load} loading={list.busy}>
          {t('list.more')}
        </Button>
      )}
    </div>
  )
}
