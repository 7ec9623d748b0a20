import { createContext, use, useEffect, useMemo, type ReactNode } from 'react'
import { TenantDocument, type TenantQuery } from '@/gql/graphql'
import { useQuery } from '@/graphql/hooks'
import { usePlace } from '@/route/route'

const stored = 'zhengtong.tenant'

interface Acting {
  /** Division code; absent until a place was chosen. */
  code?: string
  tenant?: NonNullable<TenantQuery['tenant']>
}

const ActingContext = createContext<Acting>({})

/** The place whose services are shown: named in the address, else the one chosen before. */
export function TenantProvider({ children }: { children: ReactNode }) {
  const { search } = usePlace()
  const named = search.get('tenant')
  const code = named ?? localStorage.getItem(stored) ?? undefined
  useEffect(() => {
    if (named) localStorage.setItem(stored, named)
  }, [named])
  const { data } = useQuery(TenantDocument, code ? { code } : null)
  const acting = useMemo(() => ({ code, tenant: data?.tenant ?? undefined }), [code, data])
  return <ActingContext value={acting}>{children}</ActingContext>
}

/** The place whose services are shown. */
export const useTenant = () => use(ActingContext)

/** A page's address with the place in it, so that the link can be given to another. */
export const inTenant = (path: string, code?: string) => (code ? `${path}${path.includes('?') ? '&' : '?'}tenant=${encodeURIComponent(code)}` : path)
