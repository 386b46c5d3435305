import { Button, Group, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import type { Folder } from '../../../shared/model/folder.ts';
import { sentenceOf } from '../../../shared/text/error-sentences.ts';
import { PathName } from '../../components/names.tsx';
import { Notice } from '../../components/notice.tsx';
import { PlaceField } from '../../components/place-field.tsx';
import { usePlaces } from '../../store/use-places.tsx';
import { type HaltAnswerKind, haltView } from './halt-view.ts';
import { useFolderActions } from './use-folder-actions.ts';

const Moved = (props: { readonly folder: Folder; readonly place: string; readonly onBack: () => void }) => {
  const actions = useFolderActions(props.folder);
  const [path, setPath] = useState(props.place);
  const places = usePlaces(`Where is ${props.folder.name} now?`, setPath);
  return (
    <form
      style={{ width: '100%' }}
      onSubmit={(event) => {
        event.preventDefault();
        if (path.trim() !== '') actions.movedTo(path.trim());
      }}
    >
      <PlaceField
        label="Where is it now?"
        hint="The directory that was moved, with everything in it."
        value={path}
        onChange={setPath}
        onChoose={places.choose}
      />
      <Group mt="sm" gap="xs">
        <Button type="submit" disabled={path.trim() === ''} loading={actions.busy}>
          It is there
        </Button>
        <Button variant="default" onClick={props.onBack}>
          Back
        </Button>
      </Group>
      {places.dialog}
    </form>
  );
};

/** A folder that has stopped: what was found, the answers to it, and what each does to files. */
export const HaltCard = ({ folder, halt }: { readonly folder: Folder; readonly halt: NonNullable<Folder['halt']> }) => {
  const actions = useFolderActions(folder);
  const view = haltView(halt.code);
  const [first] = view.answers;
  const [chosen, setChosen] = useState<HaltAnswerKind>(first.kind);
  const [moving, setMoving] = useState(false);
  const answer = view.answers.find(({ kind }) => kind === chosen) ?? first;
  const go = {
    resume: actions.resume,
    moved: () => setMoving(true),
    startOver: actions.startOver,
    stop: actions.drop,
  } satisfies Record<HaltAnswerKind, () => void>;
  const sentence = sentenceOf(halt.code);
  return (
    <Notice
      tone="halted"
      title={sentence.what}
      actions={
        moving ? (
          <Moved folder={folder} place={halt.path} onBack={() => setMoving(false)} />
        ) : (
          <Stack gap="sm">
            <Radio.Group
              aria-label="What to do"
              value={answer.kind}
              onChange={(value) => setChosen(value as HaltAnswerKind)}
            >
              <Stack gap="xs">
                {view.answers.map(({ kind, words, effect }) => (
                  <Radio key={kind} value={kind} label={words} description={effect} />
                ))}
              </Stack>
            </Radio.Group>
            <Group gap="xs">
              <Button onClick={go[answer.kind]} loading={actions.busy}>
                {answer.verb}
              </Button>
            </Group>
          </Stack>
        )
      }
    >
      <PathName path={halt.path} />
      <div>
        {sentence.files} {view.hint}
      </div>
    </Notice>
  );
};
