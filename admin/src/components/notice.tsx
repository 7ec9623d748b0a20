import type { ReactNode } from 'react'

/** A remark in a box. Errors and warnings are announced. */
export function Notice({ tone = 'info', title, children }: { tone?: 'info' | 'success' | 'warning' | 'error'; title?: string; children?: ReactNode }) {
  const urgent = tone === 'error' || tone === 'warning'
  return (
    <div className={`notice notice-${tone}`} role={urgent ? 'alert' : undefined}>
      {title && <p className="notice-title">{title}</p>}
      {children}
    </div>
  )
}

/** A short state beside a name. */
export function Tag({ tone = 'plain', children }: { tone?: 'plain' | 'blue' | 'green' | 'yellow' | 'red'; children: ReactNode }) {
  return <strong className={`tag tag-${tone}`}>{children}</strong>
}
