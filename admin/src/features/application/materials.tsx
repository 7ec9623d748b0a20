import { useState } from 'react'
import { Button, ButtonLink } from '@/components/button'
import { Notice, Tag } from '@/components/notice'
import { Page } from '@/components/page'
import { MaterialFacts, Need } from '@/features/matter/materials'
import type { Data } from '@/form/schema'
import { t } from '@/text'
import { bytes } from '@/text/date'
import { Refused, type Application } from './apply'
import { FileBox } from './file-box'
import { lacks, materialsInput, type Draft, type Material } from './model'

/** Handing in materials: files with their digest, or the commitment that may stand for one. */
export function MaterialsPage({ application }: { application: Application }) {
  const { matter, draft, error, at } = application
  if (!draft) return <Notice tone="warning">{t('apply.startFirst')} <ButtonLink to={at()}>{t('apply.toTasks')}</ButtonLink></Notice>
  return (
    <Page title={t('apply.materials')} caption={matter.title} back={{ to: at(), label: t('apply.toTasks') }}>
      <p className="lead">{t('apply.materialsLead')}</p>
      <Refused error={error} />
      {matter.materials.map((material) => (
        <MaterialCard key={material.ref} application={application} draft={draft} material={material} />
      ))}
      <div className="actions">
        <ButtonLink to={at('check')}>{t('apply.toCheck')}</ButtonLink>
        <ButtonLink look="secondary" to={at()}>
          {t('apply.toTasks')}
        </ButtonLink>
      </div>
    </Page>
  )
}

function MaterialCard({ application, draft, material }: { application: Application; draft: Draft; material: Material }) {
  const { save, tenant } = application
  const given = draft.materials.find((one) => one.ref === material.ref)
  const files = given?.files ?? []
  const [said, setSaid] = useState('')
  const put = async (fileIds: string[], commitment: boolean) => {
    const saved = await save(draft.form as Data, materialsInput(draft, { ref: material.ref, files: fileIds, commitment, reuse: given?.reuse?.id }))
    if (saved) setSaid(t('material.savedNow', { title: material.title }))
  }
  const commitment = given?.commitment ?? false
  return (
    <section className="card" aria-labelledby={'material-' + material.ref}>
      <h2 id={'material-' + material.ref} className="card-title">
        {material.title} <Need material={material} /> {!lacks(material, draft) && (files.length > 0 || commitment || given?.reuse) && <Tag tone="green">{t('material.given')}</Tag>}
      </h2>
      <MaterialFacts material={material} />
      {given?.reuse && <p>{t('material.reused', { title: given.reuse.title, no: given.reuse.licenceNo })}</p>}
      {files.length > 0 && (
        <ul className="files">
          {files.map((file) => (
            <li key={file.id}>
              <span>
                {file.filename} <span className="muted">{bytes(file.size)}</span>
              </span>
              <Button look="quiet" onClick={() => put(files.filter((one) => one.id !== file.id).map((one) => one.id), commitment)}>
                {t('material.remove', { name: file.filename })}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {!commitment && !material.generatedFromForm && <FileBox id={'file-' + material.ref} terms={material} purpose={{ owner: draft.id, material: material.ref }} tenant={tenant} added={(file) => put([...files.map((one) => one.id), file.id], false)} />}
      {material.commitment && (
        <label className="choice">
          <input type="checkbox" checked={commitment} onChange={(event) => put([], event.target.checked)} />
          <span>{t('material.commit', { text: material.commitment })}</span>
        </label>
      )}
      <p className="visually-hidden" role="status">
        {said}
      </p>
    </section>
  )
}
