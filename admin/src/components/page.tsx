import { useEffect, useRef, type ReactNode } from 'react'
import { Link } from '@/route/route'
import { t } from '@/text'

/** A page of the hall: names the window, moves the focus to its heading when it is entered. */
export function Page({ title, back, caption, children, wide = false }: { title: string; back?: { to: string; label?: string }; caption?: ReactNode; children: ReactNode; wide?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · ${t('hall.name')}`
    if (entered) heading.current?.focus({ preventScroll: true })
    entered = true
  }, [title])
  return (
    <div className={wide ? 'page page-wide' : 'page'}>
      {back && (
        <Link className="back" to={back.to}>
          {back.label ?? t('page.back')}
        </Link>
      )}
      {caption && <p className="caption">{caption}</p>}
      <h1 tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {children}
    </div>
  )
}

/** Whether a page was shown before: the first one leaves the focus where the browser put it. */
let entered = false
