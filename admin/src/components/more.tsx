import { useState } from 'react'
import type { TypedDocumentString } from '@/gql/graphql'
import { query, type Options } from '@/graphql/client'
import { Refusal } from '@/graphql/refusal'
import { t } from '@/text'
import { Button } from './button'
import { Notice } from './notice'

interface Page<Node> {
  edges: { node: Node }[]
  pageInfo: { hasNextPage: boolean; endCursor?: string | null }
}

interface Following<Node> {
  nodes: Node[]
  end?: string | null
  more: boolean
  busy: boolean
  error?: string
}

/** The pages of a keyset connection after the first, fetched on demand. Give the component a key that changes with the question. */
export function useMore<Result, Variables, Node>(first: Page<Node>, document: TypedDocumentString<Result, Variables>, variables: Variables, pick: (result: Result) => Page<Node>, options: Options = {}) {
  const [state, setState] = useState<Following<Node>>({ nodes: [], end: first.pageInfo.endCursor, more: first.pageInfo.hasNextPage, busy: false })
  const load = async () => {
    setState({ ...state, busy: true, error: undefined })
    try {
      const page = pick(await query(document, { ...variables, after: state.end }, options))
      const nodes = [...state.nodes, ...page.edges.map((edge) => edge.node)]
      setState({ nodes, end: page.pageInfo.endCursor, more: page.pageInfo.hasNextPage, busy: false })
    } catch (error) {
      setState({ ...state, busy: false, error: error instanceof Refusal ? error.message : String(error) })
    }
  }
  return { nodes: [...first.edges.map((edge) => edge.node), ...state.nodes], more: state.more, busy: state.busy, error: state.error, load }
}

/** The button that fetches the next page. */
export function More({ list }: { list: { more: boolean; busy: boolean; error?: string; load: () => void } }) {
  return (
    <>
      {list.error && <Notice tone="error">{list.error}</Notice>}
      {list.more && (
        <Button look="secondary" busy={list.busy} onClick={list.load}>
          {t('list.more')}
        </Button>
      )}
    </>
  )
}
