import type { ReactNode } from 'react'
import { Empty } from 'antd'

/** A column: its title and what it shows of a row. */
export interface Column<Row> {
  title: string
  show: (row: Row) => ReactNode
}

interface TableProps<Row> {
  label: string
  columns: Column<Row>[]
  rows: Row[]
  /** What it says when there is no row. */
  none: string
  /** Index of the row that the keyboard is on. */
  current?: number
  open?: (row: Row) => void
}

/** A table written by hand: antd's measures scroll bars with a style element that the content security policy refuses. */
export function DataTable<Row extends { id: string }>({ label, columns, rows, none, current = -1, open }: TableProps<Row>) {
  return (
    <div className="desk-table" role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col">
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={row.id} className={i === current ? 'desk-row-current' : undefined} aria-current={i === current || undefined} onDoubleClick={() => open?.(row)}>
              {columns.map((column) => (
                <td key={column.title}>{column.show(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <Empty description={none} image={Empty.PRESENTED_IMAGE_SIMPLE} />}
    </div>
  )
}
