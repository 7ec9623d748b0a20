import { schemaOf, sectionsOf } from '@/features/application/model'
import { resolve, type Data } from '@/form/schema'
import { t, word } from '@/text'
import { instant } from '@/text/date'
import { Answer } from '@/widgets/answer'
import type { Handled } from './page'
import { Pairs, Panel } from './panel'

/** Who applied, and the form by its sections. */
export function Application({ found }: { found: Handled }) {
  const { applicant } = found
  const schema = schemaOf(found.matter)
  const data = found.form as Data
  return (
    <Panel title={t('handling.application')}>
      <Pairs
        rows={[
          { name: t('todo.applicant'), value: `${applicant.name}（${word('serviceObject', applicant.type)}）` },
          { name: t('handling.uscc'), value: applicant.uscc },
          { name: t('handling.id'), value: applicant.idMasked },
          { name: t('handling.mobile'), value: applicant.mobileMasked },
          { name: t('handling.agent'), value: applicant.agentName },
          { name: t('done.receivedAt'), value: `${instant(found.receivedAt)} · ${word('channel', found.channel)}` },
        ]}
      />
      {sectionsOf(found.matter).map((section) => (
        <div key={section.title}>
          <h3>{section.title}</h3>
          <Pairs rows={section.fields.map((name) => ({ name: resolve(schema.properties?.[name], schema).title ?? name, value: <Answer schema={schema.properties?.[name]} root={schema} value={data[name]} /> }))} />
        </div>
      ))}
    </Panel>
  )
}
