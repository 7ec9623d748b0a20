import { useEffect, useRef } from 'react'
import { Button } from 'antd'
import { t } from '@/text'

const keys = [
  ['j', 'keys.next'],
  ['k', 'keys.previous'],
  ['Enter', 'keys.open'],
  ['?', 'keys.help'],
] as const

/** What the keyboard does on the to-do list. A dialog of the browser: antd's adds styles that the policy refuses. */
export function Shortcuts({ open, close }: { open: boolean; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  return (
    <dialog ref={dialog} className="desk-dialog" aria-labelledby="shortcuts" onClose={close}>
      <h2 id="shortcuts">{t('todo.keys')}</h2>
      <dl className="desk-pairs">
        {keys.map(([key, text]) => (
          <div key={key} className="desk-pair">
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <Button type="primary" onClick={close}>
        {t('desk.close')}
      </Button>
    </dialog>
  )
}
