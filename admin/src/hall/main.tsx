import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouteProvider } from '@/route/route'
import { locale } from '@/text'
import { HallApp } from './app'
import { restoreCare } from './care'
import './style/base.css'
import './style/layout.css'
import './style/controls.css'
import './style/parts.css'

document.documentElement.lang = locale()
restoreCare()

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <RouteProvider>
        <HallApp />
      </RouteProvider>
    </StrictMode>,
  )
}
