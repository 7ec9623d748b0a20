import { Page } from '@/components/page'
import { Tag } from '@/components/notice'
import { Empty, Show } from '@/components/state'
import { TenantDocument, TenantsDocument, type TenantsQuery } from '@/gql/graphql'
import { useQuery } from '@/graphql/hooks'
import { Link, usePlace } from '@/route/route'
import { t, word } from '@/text'

type Row = TenantsQuery['tenants']['edges'][number]['node']

/** Choosing the place: from the provinces down, one level a page. */
export function TenantPicker() {
  const under = usePlace().search.get('under') ?? undefined
  const parent = useQuery(TenantDocument, under ? { code: under } : null)
  const children = useQuery(TenantsDocument, under ? { parent: under } : { level: 'province' as const })
  return (
    <Page title={t('tenant.title')} back={under ? { to: '/tenants' } : undefined}>
      <p className="lead">{t('tenant.lead')}</p>
      {parent.data?.tenant && <ul className="tenants"><TenantRow tenant={{ ...parent.data.tenant, status: 'active' }} /></ul>}
      <Show loaded={children}>
        {({ tenants }) =>
          tenants.edges.length === 0 ? (
            <Empty title={t(under ? 'tenant.noneBelow' : 'tenant.none')} />
          ) : (
            <ul className="tenants" aria-label={t('tenant.below')}>
              {tenants.edges.map(({ node }) => (
                <TenantRow key={node.id} tenant={node} deeper />
              ))}
            </ul>
          )
        }
      </Show>
    </Page>
  )
}

function TenantRow({ tenant, deeper = false }: { tenant: Omit<Row, 'parent'>; deeper?: boolean }) {
  return (
    <li className="tenant">
      <Link to={`/?tenant=${tenant.code}`} className="tenant-enter">
        {t('tenant.enter', { title: tenant.title })}
      </Link>
      <Tag>{word('level', tenant.level)}</Tag>
      {deeper && (
        <Link to={`/tenants?under=${tenant.code}`} className="tenant-deeper">
          {t('tenant.deeper', { title: tenant.title })}
        </Link>
      )}
    </li>
  )
}
