import { Button, ButtonLink } from '@/components/button'
import { TaskList, type TaskItem } from '@/components/list'
import { Page } from '@/components/page'
import { withDefaults, type Data } from '@/form/schema'
import { go } from '@/route/route'
import { t } from '@/text'
import { instant } from '@/text/date'
import { Refused, type Application } from './apply'
import { Changes } from './changes'
import { lacks, schemaOf, sectionsOf, sectionState } from './model'

const states = {
  empty: { state: 'task.empty', tone: 'plain' },
  begun: { state: 'task.begun', tone: 'yellow' },
  done: { state: 'task.done', tone: 'green' },
} as const

/** The task list of an application: what there is to fill, and how far it is. */
export function TaskPage({ application }: { application: Application }) {
  const { matter, draft, at } = application
  if (!draft) return <StartPage application={application} />
  const sections = sectionsOf(matter)
  const items: TaskItem[] = sections.map((section, i) => {
    const { state, tone } = states[sectionState(matter, draft, section)]
    return { title: section.title, hint: section.conditional ? t('apply.conditional') : undefined, to: at(`section/${i + 1}`), state: t(state), tone }
  })
  const lacking = matter.materials.filter((material) => lacks(material, draft)).length
  if (matter.materials.length > 0) {
    items.push({ title: t('apply.materials'), hint: lacking > 0 ? t('apply.lacking', { n: lacking }) : undefined, to: at('materials'), state: t(lacking > 0 ? 'task.begun' : 'task.done'), tone: lacking > 0 ? 'yellow' : 'green' })
  }
  const done = items.every((item) => item.tone === 'green')
  return (
    <Page title={matter.title} caption={matter.tenant.title} back={{ to: `/matters/${matter.name}?tenant=${matter.tenant.code}`, label: t('apply.toGuide') }}>
      <Changes application={application} />
      <p className="lead">{t('apply.progress', { done: items.filter((item) => item.tone === 'green').length, all: items.length })}</p>
      <h2>{t('apply.fill')}</h2>
      <TaskList items={items} />
      <h2>{t('apply.send')}</h2>
      <TaskList items={[{ title: t('apply.check'), to: at('check'), state: t(done ? 'task.ready' : 'task.later'), tone: done ? 'blue' : 'plain' }]} />
      <p className="muted">{t('apply.saved', { at: instant(draft.savedAt), until: instant(draft.expiresAt) })}</p>
    </Page>
  )
}

function StartPage({ application }: { application: Application }) {
  const { matter, save, busy, error } = application
  const start = () => {
    const schema = schemaOf(matter)
    void save(withDefaults(schema, schema, {}) as Data)
  }
  return (
    <Page title={matter.title} caption={matter.tenant.title} back={{ to: `/matters/${matter.name}?tenant=${matter.tenant.code}`, label: t('apply.toGuide') }}>
      <p className="lead">{t('apply.before')}</p>
      <Refused error={error} />
      <ul>
        <li>{t('apply.sections', { titles: sectionsOf(matter).map((section) => section.title).join('、') })}</li>
        {matter.materials.length > 0 && <li>{t('apply.ready', { titles: matter.materials.filter((material) => material.required).map((material) => material.title).join('、') })}</li>}
        <li>{t('apply.saving')}</li>
      </ul>
      <div className="actions">
        <Button busy={busy} onClick={start}>
          {t('apply.start')}
        </Button>
        <ButtonLink look="quiet" to="/">
          {t('page.home')}
        </ButtonLink>
      </div>
    </Page>
  )
}

/** Goes to the task list. */
export const toTasks = (application: Application) => go(application.at())
