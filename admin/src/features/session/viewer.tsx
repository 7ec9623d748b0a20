import { createContext, use, useCallback, useMemo, type ReactNode } from 'react'
import { SignOutDocument, ViewerDocument, type ViewerQuery } from '@/gql/graphql'
import { mutate } from '@/graphql/client'
import { useQuery } from '@/graphql/hooks'

export type Viewer = NonNullable<ViewerQuery['viewer']>

interface Session {
  viewer?: Viewer
  /** True until the first answer. */
  loading: boolean
  reload: () => void
  signOut: () => Promise<void>
}

const SessionContext = createContext<Session>({ loading: true, reload: () => undefined, signOut: async () => undefined })

/** Who is signed in; the session itself is a cookie that scripts cannot read. */
export function SessionProvider({ tenant, children }: { tenant?: string; children: ReactNode }) {
  const { data, error, loading, reload } = useQuery(ViewerDocument, {}, { tenant })
  const signOut = useCallback(async () => {
    await mutate(SignOutDocument, {}).catch(() => undefined)
    reload()
  }, [reload])
  const session = useMemo(() => ({ viewer: error ? undefined : (data?.viewer ?? undefined), loading: loading && !data, reload, signOut }), [data, error, loading, reload, signOut])
  return <SessionContext value={session}>{children}</SessionContext>
}

/** Who is signed in. */
export const useSession = () => use(SessionContext)
