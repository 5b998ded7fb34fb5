import java.util.*;
import java.util.function.Function;
public class Sample<T extends Comparable<T>> {
    interface Shape { double area(); }
    enum Size { SMALL, LARGE; Size other() { return this == SMALL ? LARGE : SMALL; } }
    @FunctionalInterface interface Step<A, B> { B take(A a) throws Exception; }
    static class Square implements Shape { final double side; Square(double side) { this.side = side; } @Override public double area() { return side * side; } }
    private final Map<String, List<T>> byName = new HashMap<>();
    @Deprecated public <R> Optional<R> first(String name, Function<? super T, ? extends R> as) { return byName.getOrDefault(name, Collections.emptyList()).stream().filter(Objects::nonNull).<R>map(as).findFirst(); }
    public static void main(String[] words) throws Exception {
        Shape round = new Shape() { public double area() { return Math.PI; } };
        Step<String, Integer> step = Integer::parseInt;
        StringBuilder text = new StringBuilder(); int sum = 0;
        for (String word : words) { try (java.io.StringReader in = new java.io.StringReader(word)) { sum += step.take(word) << 1; switch (word) { case "a": sum++; break; default: sum--; } } catch (NumberFormatException | IllegalStateException e) { text.append(word).append(sum).append(e.getMessage()); } finally { sum ^= 3; } }
        synchronized (text) { do { sum /= 2; } while (sum > 1); }
        assert sum >= 0 : text; System.out.println(text + " " + round.area() + Size.SMALL.other());
    }
}
