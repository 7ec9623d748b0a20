import { Tag } from '@/components/notice'
import { t, word } from '@/text'
import type { Guide } from './guide'

type Material = Guide['materials'][number]

/** What to hand in, each with its formats, samples and what may stand for it. */
export function GuideMaterials({ matter }: { matter: Guide }) {
  if (matter.materials.length === 0) return <p>{t('material.none')}</p>
  return (
    <ol className="materials">
      {matter.materials.map((material) => (
        <li key={material.ref}>
          <MaterialTerms material={material} />
        </li>
      ))}
    </ol>
  )
}

/** Whether a material must be handed in, in a word. */
export function Need({ material }: { material: Pick<Material, 'required' | 'requiredWhen'> }) {
  if (material.required) return <Tag tone="red">{t('material.required')}</Tag>
  return <Tag>{t(material.requiredWhen ? 'material.conditional' : 'material.optional')}</Tag>
}

function MaterialTerms({ material }: { material: Material }) {
  return (
    <div className="material">
      <p className="material-title">
        <strong>{material.title}</strong> <Need material={material} />
      </p>
      <MaterialFacts material={material} />
      <p className="material-links">
        {material.sampleUrl && (
          <a href={material.sampleUrl} target="_blank" rel="noopener">
            {t('material.sample', { title: material.title })}
          </a>
        )}
        {material.blankUrl && (
          <a href={material.blankUrl} target="_blank" rel="noopener">
            {t('material.blank', { title: material.title })}
          </a>
        )}
      </p>
    </div>
  )
}

type Terms = Pick<Material, 'source' | 'formats' | 'maxMb' | 'checkPoints' | 'commitment' | 'waiveWhenFound' | 'generatedFromForm' | 'toleranceDue' | 'issuingBody'> & { copies?: number; formKind?: string | null }

/** The terms of a material, as short sentences. */
export function MaterialFacts({ material }: { material: Terms }) {
  const facts = [
    t('material.source', { source: word('materialSource', material.source), body: material.issuingBody ? `（${material.issuingBody}）` : '' }),
    material.formKind && word('formKind', material.formKind) + (material.copies && material.copies > 1 ? t('material.copies', { n: material.copies }) : ''),
    t('material.formats', { formats: material.formats.join('、').toUpperCase(), max: material.maxMb }),
    material.generatedFromForm && t('material.generated'),
    material.waiveWhenFound && t('material.waived'),
    material.commitment && t('material.commitment'),
    material.toleranceDue && t('material.tolerance', { limit: material.toleranceDue.text }),
    material.checkPoints.length > 0 && t('material.checkPoints', { points: material.checkPoints.join('；') }),
  ].filter((fact): fact is string => Boolean(fact))
  return (
    <ul className="material-facts">
      {facts.map((fact) => (
        <li key={fact}>{fact}</li>
      ))}
    </ul>
  )
}
