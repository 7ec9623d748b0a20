import type { ButtonHTMLAttributes } from 'react'
import { Link } from '@/route/route'

interface Look {
  look?: 'primary' | 'secondary' | 'danger' | 'quiet'
}

/** A button; while busy it says so and refuses further presses without losing the focus. */
export function Button({ look = 'primary', busy = false, children, onClick, type = 'button', ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & Look & { busy?: boolean }) {
  return (
    <button {...rest} type={type} className={`button button-${look}`} aria-disabled={busy || undefined} onClick={busy ? (event) => event.preventDefault() : onClick}>
      {children}
      {busy && <span className="button-busy" aria-hidden="true" />}
    </button>
  )
}

/** A link that looks like a button: it leads somewhere, it does nothing. */
export function ButtonLink({ to, look = 'primary', children }: { to: string; children: React.ReactNode } & Look) {
  return (
    <Link to={to} className={`button button-${look}`}>
      {children}
    </Link>
  )
}
