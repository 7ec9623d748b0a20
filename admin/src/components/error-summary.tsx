import { useEffect, useRef, type MouseEvent } from 'react'
import { Link } from '@/route/route'
import { t } from '@/text'

/** One thing to put right, and where: the id of a control of this page, or the address of another. */
export interface Wrong {
  target?: string
  to?: string
  message: string
}

/** What must be put right, in the words used at the fields. The focus moves to it when it appears or changes. */
export function ErrorSummary({ errors }: { errors: Wrong[] }) {
  const box = useRef<HTMLDivElement>(null)
  const words = errors.map((error) => error.message).join('\n')
  useEffect(() => {
    if (words) box.current?.focus()
  }, [words])
  if (errors.length === 0) return null
  return (
    <div className="error-summary" ref={box} tabIndex={-1} role="alert" aria-labelledby="error-summary-title">
      <h2 id="error-summary-title">{t('errors.title')}</h2>
      <ul>
        {errors.map((error, i) => (
          <li key={i}>
            <Way error={error} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Way({ error }: { error: Wrong }) {
  const { target, to, message } = error
  if (to) return <Link to={to}>{message}</Link>
  if (!target) return <>{message}</>
  return (
    <a href={'#' + target} onClick={(event) => focusOn(event, target)}>
      {message}
    </a>
  )
}

/** Goes to the control itself, or to the first one inside a group. */
function focusOn(event: MouseEvent, id: string) {
  const target = document.getElementById(id)
  if (!target) return
  event.preventDefault()
  const control = target.matches('input, select, textarea, button') ? target : (target.querySelector<HTMLElement>('input, select, textarea, button') ?? target)
  control.focus()
  control.scrollIntoView?.({ block: 'center' })
}
