import { useState, type FormEvent } from 'react'
import { Button } from '@/components/button'
import { ErrorSummary, type Wrong } from '@/components/error-summary'
import { TextBox } from '@/components/field'
import { Page } from '@/components/page'
import { Waiting } from '@/components/state'
import { SignInDocument } from '@/gql/graphql'
import { useMutation } from '@/graphql/hooks'
import { go, usePlace } from '@/route/route'
import { t } from '@/text'
import { useSession } from './viewer'

/** Only a path of this site may follow: an address given by another would lead away. */
export const safeNext = (next: string | null) => (next && /^\/(?![/\\])/.test(next) ? next : '/my')

/** Log-in of applicants; back to where they came from. */
export function SignInPage() {
  const next = safeNext(usePlace().search.get('next'))
  return (
    <Page title={t('signIn.title')}>
      <p className="lead">{t('signIn.lead')}</p>
      <SignInForm done={() => go(next, { replace: true })} />
    </Page>
  )
}

/** The log-in form itself. */
export function SignInForm({ done }: { done?: () => void }) {
  const { reload } = useSession()
  const [form, setForm] = useState({ login: '', password: '' })
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const signIn = useMutation(SignInDocument)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const missing: Record<string, string> = {}
    if (!form.login.trim()) missing.login = t('signIn.needLogin')
    if (!form.password) missing.password = t('signIn.needPassword')
    setWrong(missing)
    if (Object.keys(missing).length > 0) return signIn.clear()
    if (!(await signIn.run({ input: { login: form.login.trim(), password: form.password } }))) return
    reload()
    done?.()
  }
  const errors: Wrong[] = Object.entries(wrong).map(([target, message]) => ({ target, message }))
  if (signIn.error) errors.push({ target: 'login', message: signIn.error.message })
  return (
    <form onSubmit={submit} noValidate className="narrow">
      <ErrorSummary errors={errors} />
      <TextBox id="login" label={t('signIn.login')} error={wrong.login} autoComplete="username" value={form.login} onChange={(login) => setForm({ ...form, login })} />
      <TextBox id="password" label={t('signIn.password')} error={wrong.password} type="password" autoComplete="current-password" value={form.password} onChange={(password) => setForm({ ...form, password })} />
      <Button type="submit" busy={signIn.busy}>
        {t('signIn.submit')}
      </Button>
    </form>
  )
}

/** Shows a page to people who are signed in, and the log-in form to others. */
export function SignedIn({ title, children }: { title: string; children: React.ReactNode }) {
  const { viewer, loading } = useSession()
  if (loading) return <Waiting title={title} />
  if (viewer) return <>{children}</>
  return (
    <Page title={title}>
      <p className="lead">{t('signIn.first')}</p>
      <SignInForm />
    </Page>
  )
}
