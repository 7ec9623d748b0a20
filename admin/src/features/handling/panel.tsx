import type { ReactNode } from 'react'

/** A part of the screen under its heading. */
export function Panel({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="desk-panel">
      <h2>{title}</h2>
      {children}
    </section>
  )
}

/** Names with their values; absent ones are left out. */
export function Pairs({ rows }: { rows: { name: string; value: ReactNode }[] }) {
  return (
    <dl className="desk-pairs">
      {rows
        .filter((row) => row.value !== null && row.value !== undefined && row.value !== '')
        .flatMap((row) => [<dt key={row.name}>{row.name}</dt>, <dd key={row.name + ':'}>{row.value}</dd>])}
    </dl>
  )
}
