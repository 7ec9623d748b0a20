import { SummaryList } from '@/components/list'
import { t } from '@/text'
import { day } from '@/text/date'
import type { Guide } from './guide'

type Sheet = NonNullable<Guide['guide']>
type Block = Sheet['sections'][number]['blocks'][number]

/** A part of the composed guide: the same words as on the printed one. */
export function GuideBlocks({ sheet, id }: { sheet: Sheet; id: string }) {
  const section = sheet.sections.find((one) => one.id === id)
  return section?.blocks.map((block, i) => <GuideBlock key={i} block={block} title={section.title} />)
}

function GuideBlock({ block, title }: { block: Block; title: string }) {
  if (block.facts?.length) return <SummaryList rows={block.facts} />
  if (block.table) return <GuideTable table={block.table} title={title} />
  if (block.list?.length) {
    return (
      <ol>
        {block.list.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ol>
    )
  }
  return <p>{block.text}</p>
}

/** On a narrow screen each row becomes a card whose cells bear the names of their columns. */
function GuideTable({ table, title }: { table: NonNullable<Block['table']>; title: string }) {
  return (
    <table className="guide-table">
      <caption className="visually-hidden">{title}</caption>
      <thead>
        <tr>
          {table.head.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row, i) => (
          <tr key={i}>
            {row.map((cell, j) => (
              <td key={j} data-head={table.head[j]}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Version, day of the last update and digest, and the guide to take away (同源发布). */
export function GuideEdition({ sheet }: { sheet: Sheet }) {
  return (
    <div className="edition">
      <p>
        {t('guide.edition', { version: sheet.version, day: day(sheet.updatedOn) })} <span className="edition-digest">{t('guide.digest', { digest: sheet.digest })}</span>
      </p>
      <p className="no-print">
        <a href={sheet.pdf}>{t('guide.pdf')}</a> <a href={sheet.html}>{t('guide.html')}</a>
      </p>
    </div>
  )
}
