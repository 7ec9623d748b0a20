import type { ReactNode } from 'react'

/** A remark in a box. Errors are announced. */
export function Notice({ tone = 'info', title, children }: { tone?: 'info' | 'success' | 'warning' | 'error'; title?: string; children?: ReactNode }) {
  return (
    <div className={`notice notice-${tone}`} role={tone === 'error' ? 'alert' : undefined}>
      {title && <p className="notice-title">{title}</p>}
      {children}
    </div>
  )
}

/** A short state beside a name. */
export function Tag({ tone = 'plain', children }: { tone?: 'plain' | 'blue' | 'green' | 'yellow' | 'red'; children: ReactNode }) {
  return <strong className={`tag tag-${tone}`}>{children}</strong>
}
