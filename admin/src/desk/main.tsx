import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouteProvider } from '@/route/route'
import { locale } from '@/text'
import { DeskApp } from './app'
import './style.css'

document.documentElement.lang = locale()

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <RouteProvider>
        <DeskApp />
      </RouteProvider>
    </StrictMode>,
  )
}
