import { Modal } from 'antd'
import { t } from '@/text'

const keys = [
  ['j', 'keys.next'],
  ['k', 'keys.previous'],
  ['Enter', 'keys.open'],
  ['?', 'keys.help'],
] as const

/** What the keyboard does on the to-do list. */
export function Shortcuts({ open, close }: { open: boolean; close: () => void }) {
  return (
    <Modal title={t('todo.keys')} open={open} onCancel={close} onOk={close} cancelButtonProps={{ hidden: true }} okText={t('desk.close')}>
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
    </Modal>
  )
}
