import { useState, type FormEvent } from 'react'
import { Button, Input } from 'antd'
import { Failed } from '@/desk/state'
import { useTitle } from '@/desk/layout'
import { SignInDocument } from '@/gql/graphql'
import { useMutation } from '@/graphql/hooks'
import { go, usePlace } from '@/route/route'
import { t } from '@/text'
import { useSession } from './viewer'

const stored = 'zhengtong.desk.tenant'

/** Log-in of staff: login, password and the tenant they belong to. */
export function DeskSignIn() {
  useTitle(t('desk.signIn'))
  const { path, search } = usePlace()
  const { reload } = useSession()
  const [form, setForm] = useState({ tenant: search.get('tenant') ?? localStorage.getItem(stored) ?? '', login: '', password: '' })
  const signIn = useMutation(SignInDocument)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!(await signIn.run({ input: { tenant: form.tenant.trim(), login: form.login.trim(), password: form.password } }))) return
    localStorage.setItem(stored, form.tenant.trim())
    if (path === '/desk/sign-in') go('/desk', { replace: true })
    reload()
  }
  const fields = [
    { name: 'tenant', label: t('desk.tenant'), autoComplete: 'organization', inputMode: 'numeric', type: 'text' },
    { name: 'login', label: t('desk.login'), autoComplete: 'username', inputMode: undefined, type: 'text' },
    { name: 'password', label: t('signIn.password'), autoComplete: 'current-password', inputMode: undefined, type: 'password' },
  ] as const
  return (
    <main className="desk-sign-in">
      <h1>{t('desk.signIn')}</h1>
      <form onSubmit={submit}>
        {signIn.error && <Failed error={signIn.error} />}
        {fields.map(({ name, label, ...rest }) => (
          <div className="desk-field" key={name}>
            <label htmlFor={name}>{label}</label>
            <Input {...rest} id={name} required size="large" value={form[name]} onChange={(event) => setForm({ ...form, [name]: event.target.value })} />
          </div>
        ))}
        <Button type="primary" size="large" htmlType="submit" block loading={signIn.busy}>
          {t('signIn.submit')}
        </Button>
      </form>
    </main>
  )
}
