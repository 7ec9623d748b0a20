import { Button, Select, Tag } from 'antd'
import { useTitle } from '@/desk/layout'
import { Show } from '@/desk/state'
import { DataTable, type Column } from '@/desk/table'
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
  const columns: Column<Row>[] = [
    { title: t('linked.light'), show: (row) => <span className={`light light-${row.light}`}>{word('light', row.light)}</span> },
    { title: t('linked.tenant'), show: (row) => row.tenantTitle },
    { title: t('todo.case'), show: (row) => row.number },
    { title: t('todo.matter'), show: (row) => row.matterTitle },
    { title: t('guide.department'), show: (row) => row.departmentTitle },
    { title: t('todo.applicant'), show: (row) => row.applicantMasked },
    { title: t('todo.state'), show: (row) => <Tag>{word('caseStatus', row.status)}</Tag> },
    { title: t('done.receivedAt'), show: (row) => instant(row.receivedAt) },
    { title: t('guide.promised'), show: (row) => (row.promisedDueOn ? day(row.promisedDueOn) : t('light.none')) },
    { title: t('linked.updated'), show: (row) => instant(row.updatedAt) },
  ]
  return (
    <div className="desk-panel">
      <DataTable label={t('desk.linked')} columns={columns} rows={list.nodes} none={t('linked.none')} />
      {list.more && (
        <Button onClick={list.load} loading={list.busy}>
          {t('list.more')}
        </Button>
      )}
    </div>
  )
}
