import { startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { opening, pathNow } from './app/router.tsx';
import { loadTexts } from './app/texts.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/list.css';
import './styles/form.css';
import './styles/shell.css';

const place = document.getElementById('page');
if (place === null) throw new Error('the shell has no place for the page');

async function begin(at: HTMLElement): Promise<void> {
  try {
    const [first] = await Promise.all([opening(pathNow()), loadTexts()]);
    // As a transition it is drawn in short steps, between which a slow phone answers.
    startTransition(() => createRoot(at).render(<App first={first} />));
  } catch (error) {
    // Without its texts the page has no words of its own: it says so, by the shell's, rather than nothing.
    document.getElementById('not-whole')?.removeAttribute('hidden');
    throw error;
  }
}

void begin(place);
