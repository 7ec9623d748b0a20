import { useCallback, useEffect, useRef, useState } from 'react'
import type { TypedDocumentString } from '@/gql/graphql'
import { mutate, query, type Options } from './client'
import { Refusal } from './refusal'

/** What a page knows of its data. While reloading, the data before stay. */
export interface Loaded<Result> {
  data?: Result
  error?: Refusal
  loading: boolean
  reload: () => void
}

const asRefusal = (error: unknown) => (error instanceof Refusal ? error : new Refusal('INTERNAL', String(error)))

/** Asks when the variables change, and again on reload; meanwhile shows the data before only of the same question. Null variables ask nothing. */
export function useQuery<Result, Variables>(document: TypedDocumentString<Result, Variables>, variables: Variables | null, options: Options = {}): Loaded<Result> {
  const [turn, setTurn] = useState(0)
  const [state, setState] = useState<{ asked?: string; key: string; data?: Result; error?: Refusal }>({ key: '' })
  const asked = variables === null ? null : JSON.stringify([variables, options.tenant])
  const key = asked === null ? '' : asked + turn
  useEffect(() => {
    if (asked === null) return
    let current = true
    const [sent, tenant] = JSON.parse(asked) as [Variables, string | undefined]
    query(document, sent, { tenant: tenant ?? undefined }).then(
      (data) => current && setState({ asked, key, data }),
      (error: unknown) => current && setState({ asked, key, error: asRefusal(error) }),
    )
    return () => {
      current = false
    }
  }, [document, asked, key])
  const reload = useCallback(() => setTurn((n) => n + 1), [])
  return { data: state.asked === asked ? state.data : undefined, error: state.key === key ? state.error : undefined, loading: asked !== null && state.key !== key, reload }
}

/** A mutation with its state. A repeat after a lost answer keeps its idempotency key. */
export function useMutation<Result, Variables>(document: TypedDocumentString<Result, Variables>, options: Options = {}) {
  const [state, setState] = useState<{ busy: boolean; error?: Refusal }>({ busy: false })
  const last = useRef<{ body: string; key: string }>(undefined)
  const tenant = options.tenant
  const run = useCallback(
    async (variables: Variables): Promise<Result | undefined> => {
      const body = JSON.stringify(variables)
      const key = last.current?.body === body ? last.current.key : crypto.randomUUID()
      last.current = { body, key }
      setState({ busy: true })
      try {
        const result = await mutate(document, variables, { tenant, idempotencyKey: key })
        last.current = undefined
        setState({ busy: false })
        return result
      } catch (error) {
        const refusal = asRefusal(error)
        if (refusal.code !== 'NETWORK') last.current = undefined
        setState({ busy: false, error: refusal })
        return undefined
      }
    },
    [document, tenant],
  )
  return { run, ...state, clear: useCallback(() => setState({ busy: false }), []) }
}
