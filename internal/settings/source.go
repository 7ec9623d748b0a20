package settings

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/knadh/koanf/v2"
	"go.yaml.in/yaml/v3"

	"zhengtong/internal/problem"
)

// Source is what a YAML file and the environment say, the environment
// winning. It serves kong as a resolver, and Locate gives a problem the line
// of the file that caused it.
type Source struct {
	merged *koanf.Koanf
	file   string
	lines  map[string]*yaml.Node
}

// NewSource reads file (none when empty) and environ, a list like
// os.Environ(). It returns a Validation error when the file is not a flat
// YAML mapping.
func NewSource(file string, environ []string) (*Source, error) {
	s := &Source{merged: koanf.New("\x00"), file: file, lines: map[string]*yaml.Node{}}
	if file != "" {
		values, err := s.readFile()
		if err != nil {
			return nil, err
		}
		if err := s.merged.Load(provider(values), nil); err != nil {
			return nil, fmt.Errorf("settings file %s: %w", file, err)
		}
	}
	if err := s.merged.Load(provider(fromEnvironment(environ)), nil); err != nil {
		return nil, fmt.Errorf("settings from the environment: %w", err)
	}
	return s, nil
}

// ConfigFile finds the settings file named by `--config` in args or by
// ZHENGTONG_CONFIG in environ; it must be known before flags are parsed.
func ConfigFile(args, environ []string) string {
	for i, arg := range args {
		if value, found := strings.CutPrefix(arg, "--config="); found {
			return value
		}
		if arg == "--config" && i+1 < len(args) {
			return args[i+1]
		}
	}
	value, _ := fromEnvironment(environ)["config"].(string)
	return value
}

// Validate implements kong.Resolver: a key of the file that is no flag is an error, with its line.
func (s *Source) Validate(app *kong.Application) error {
	known := map[string]bool{}
	_ = kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			known[flag.Name] = true
		}
		return next(nil)
	})
	var list problem.List
	for name := range s.lines {
		if !known[name] {
			list.Add("$."+name, "unknown", "no such setting")
		}
	}
	return problem.Invalid(s.Locate(list))
}

// Resolve implements kong.Resolver: it gives the value of a flag that was not on the command line.
func (s *Source) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if !s.merged.Exists(flag.Name) {
		return nil, nil
	}
	return s.merged.String(flag.Name), nil
}

// Locate returns list with the file position of every problem whose setting came from the file.
func (s *Source) Locate(list problem.List) problem.List {
	for i, p := range list {
		if node, ok := s.lines[strings.TrimPrefix(p.Path, "$.")]; ok {
			list[i].File, list[i].Line, list[i].Column = s.file, node.Line, node.Column
		}
	}
	return list.Sorted()
}

func (s *Source) readFile() (map[string]any, error) {
	content, err := os.ReadFile(s.file)
	if err != nil {
		return nil, fmt.Errorf("settings file: %w", err)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(content, &root); err != nil {
		return nil, fmt.Errorf("settings file %s: %w", s.file, err)
	}
	if len(root.Content) == 0 {
		return nil, nil
	}
	var list problem.List
	values := map[string]any{}
	mapping := root.Content[0]
	if mapping.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("settings file %s:%d: a mapping of settings is expected", s.file, mapping.Line)
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		name, value := mapping.Content[i], mapping.Content[i+1]
		s.lines[name.Value] = value
		if value.Kind != yaml.ScalarNode {
			list.Add("$."+name.Value, "type", "a single value is expected")
			continue
		}
		values[name.Value] = value.Value
	}
	return values, problem.Invalid(s.Locate(list))
}

func fromEnvironment(environ []string) map[string]any {
	values := map[string]any{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if name, found := strings.CutPrefix(name, EnvPrefix); found && value != "" {
			values[strings.ReplaceAll(strings.ToLower(name), "_", "-")] = value
		}
	}
	return values
}

// provider hands a flat map to koanf.
type provider map[string]any

func (provider) ReadBytes() ([]byte, error) { return nil, errors.New("settings are read as a map") }

func (p provider) Read() (map[string]any, error) { return p, nil }
