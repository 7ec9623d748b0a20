import { t } from '@/text'
import { instant } from '@/text/date'
import type { Handled } from './page'
import { Panel } from './panel'

/** What happened, each event linked to the one before by hash. */
export function History({ found }: { found: Handled }) {
  return (
    <Panel title={t('handling.history')}>
      <ol className="desk-list" reversed>
        {found.timeline.toReversed().map((event) => (
          <li key={event.seq}>
            <div className="desk-split">
              <strong>
                {event.seq}. {event.title}
              </strong>
              <span className="muted">{instant(event.at)}</span>
            </div>
            <div className="desk-split muted">
              <span>
                {event.actorName}
                {event.actingRole && ` · ${event.actingRole}`}
              </span>
              <abbr className="mono" title={t('handling.hash', { hash: event.hash, prev: event.prevHash || t('light.none') })}>
                #{event.hash.slice(0, 12)}
              </abbr>
            </div>
          </li>
        ))}
      </ol>
      {found.archive && <p>{t('handling.archived', { at: instant(found.archive.packagedAt), digest: found.archive.digest.slice(0, 16) })}</p>}
    </Panel>
  )
}
