import { createContext, use, useEffect, useMemo, useState, type AnchorHTMLAttributes, type MouseEvent, type ReactNode } from 'react'

/** Where the browser is: path without trailing slash, and search parameters. */
export interface Place {
  path: string
  search: URLSearchParams
}

const here = (): Place => ({ path: location.pathname.replace(/(.)\/+$/, '$1'), search: new URLSearchParams(location.search) })

const PlaceContext = createContext<Place>({ path: '/', search: new URLSearchParams() })

/** Keeps the place in step with the address bar. */
export function RouteProvider({ children }: { children: ReactNode }) {
  const [place, setPlace] = useState(here)
  useEffect(() => {
    const move = () => setPlace(here())
    addEventListener('popstate', move)
    return () => removeEventListener('popstate', move)
  }, [])
  return <PlaceContext value={place}>{children}</PlaceContext>
}

/** Where the browser is. */
export const usePlace = () => use(PlaceContext)

/** Goes to another page of this face; `replace` leaves no step back. */
export function go(to: string, { replace = false } = {}): void {
  history[replace ? 'replaceState' : 'pushState']({ moved: true }, '', to)
  dispatchEvent(new PopStateEvent('popstate'))
  if (!replace) scrollTo(0, 0)
}

/** Whether this page was entered from another page of this face. */
export const moved = () => (history.state as { moved?: boolean } | null)?.moved === true

/** A link that stays in the page; with a modifier key the browser's own way. */
export function Link({ to, onClick, ...rest }: { to: string } & AnchorHTMLAttributes<HTMLAnchorElement>) {
  const click = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event)
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    go(to)
  }
  return <a {...rest} href={to} onClick={click} />
}

/** Parameters of a pattern such as `/matters/:name`, or null when the path is another. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const [want, have] = [pattern.split('/'), path.split('/')]
  if (want.length !== have.length) return null
  const out: Record<string, string> = {}
  for (const [i, part] of want.entries()) {
    const value = have[i] ?? ''
    if (part.startsWith(':')) out[part.slice(1)] = decode(value)
    else if (part !== value) return null
  }
  return out
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A page and the path that leads to it. */
export interface Route {
  pattern: string
  page: (parameters: Record<string, string>) => ReactNode
}

/** The first route that fits, or the page for a lost visitor. */
export function Routes({ routes, lost }: { routes: Route[]; lost: ReactNode }) {
  const { path } = usePlace()
  return useMemo(() => {
    for (const route of routes) {
      const parameters = match(route.pattern, path)
      if (parameters) return route.page(parameters)
    }
    return lost
  }, [routes, path, lost])
}

/** The same path with some search parameters changed; empty ones are left out. */
export function withSearch(place: Place, changes: Record<string, string | undefined>): string {
  const search = new URLSearchParams(place.search)
  for (const [key, value] of Object.entries(changes)) {
    if (value) search.set(key, value)
    else search.delete(key)
  }
  const text = search.toString()
  return place.path + (text ? '?' + text : '')
}
